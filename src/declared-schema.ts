import type { GraphQLSchema } from 'graphql';
import {
  compilePolicies,
  createLimiter,
  limitResolvers,
  warnOfLimits,
  type Limiter,
  type LimiterOptions,
  type Planner,
} from './rate-limit/index.ts';
import {
  checkCacheControl,
  compileInvalidations,
  invalidateAfterResolvers,
  type Answers,
} from './response-cache/index.ts';
import { buildSchema, type ResolverMap, type TypeDefs } from './schema/build-schema.ts';
import { SchemaError, type SchemaProblem } from './schema-error.ts';

/** A schema that does what is declared in it, on its own: also where it is executed without a server. */
export interface DeclaredSchema {
  readonly schema: GraphQLSchema;
  readonly limiter: Limiter;
  readonly planner: Planner;
  /** What works, but perhaps not as whoever declared it expects. */
  readonly warnings: readonly SchemaProblem[];
}

/** What the declarations are put into effect with. */
export interface DeclaredBy extends Omit<LimiterOptions, 'declared'> {
  readonly answers: Answers;
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
  const problems = [...limitProblems, ...checkCacheControl(bare), ...invalidations.problems];
  if (problems.length > 0) throw new SchemaError(problems);

  const limiter = createLimiter({ ...limiting, declared });
  const invalidating = invalidateAfterResolvers(bare, invalidations.byField, (tags) =>
    answers.invalidate(tags),
  );
  const warnings = warnOfLimits(bare, limiter.limits.inForce);
  return { ...limitResolvers(invalidating, limiter), limiter, warnings };
}
