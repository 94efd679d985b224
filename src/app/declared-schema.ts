import type { GraphQLSchema } from 'graphql';
import { buildSchema, type ResolverMap, type TypeDefs } from '../directives/build-schema.ts';
import { SchemaError, type SchemaProblem } from '../directives/schema-error.ts';
import { hasNoEffect } from '../errors.ts';
import {
  checkCost,
  compilePolicies,
  type CostPlanner,
  createLimiter,
  type Limiter,
  type LimiterOptions,
  limitResolvers,
  type Planner,
  warnOfLimits,
} from '../rate-limit/index.ts';
import {
  type AnswerStore,
  checkCacheControl,
  compileInvalidations,
  invalidateAfterResolvers,
  recordByLevel,
} from '../response-cache/index.ts';

/** A schema that does what is declared in it, on its own: also where it is executed without a server. */
export interface DeclaredSchema {
  readonly schema: GraphQLSchema;
  readonly limiter: Limiter;
  readonly planner: Planner;
  readonly costPlanner: CostPlanner;
  /** Whether asking for a field, by its coordinate, costs something. */
  readonly isLimited: (coordinate: string) => boolean;
  /** Whether a field of the mutation type, by its coordinate, returns objects that it has not changed. */
  readonly isSilent: (coordinate: string) => boolean;
  /** What works, but perhaps not as whoever declared it expects. */
  readonly warnings: readonly SchemaProblem[];
}

/** What the declarations are put into effect with. */
export interface DeclaredBy extends Omit<LimiterOptions, 'declared'> {
  readonly answers: AnswerStore;
}

/** Puts into effect what a schema declares of limits and of its answers. Throws a SchemaError with all that cannot work. */
export function declareSchema(
  typeDefs: TypeDefs,
  resolvers: ResolverMap,
  { answers, ...limiting }: DeclaredBy,
): DeclaredSchema {
  const bare = buildSchema(typeDefs, resolvers);
  const { limits: declared, problems: limitProblems } = compilePolicies(bare);
  const invalidations = compileInvalidations(bare);
  const problems = [
    ...limitProblems,
    ...checkCost(bare),
    ...checkCacheControl(bare),
    ...invalidations.problems,
  ];
  if (problems.length > 0) throw new SchemaError(problems);

  const limiter = createLimiter({ ...limiting, declared });
  const caching = invalidateAfterResolvers(recordByLevel(bare), invalidations, {
    store: answers,
    hasNoEffect,
  });
  const warnings = warnOfLimits(bare, limiter.limits.inForce);
  return {
    ...limitResolvers(caching, limiter),
    limiter,
    isLimited: (coordinate) => limiter.limits.declared.table.has(coordinate),
    isSilent: (coordinate) => invalidations.silent.has(coordinate),
    warnings,
  };
}
