import type { GraphQLSchema } from 'graphql';
import {
  compilePolicies,
  createLimiter,
  limitResolvers,
  type BucketStore,
  type Limiter,
  type PolicyTable,
  type Report,
} from './rate-limit/index.ts';
import {
  checkCacheControl,
  compileInvalidations,
  invalidateAfterResolvers,
  type Answers,
} from './response-cache/index.ts';
import { buildSchema, type ResolverMap, type TypeDefs } from './schema/build-schema.ts';
import { SchemaError } from './schema-error.ts';

/** A schema that does what is declared in it, on its own: also where it is executed without a server. */
export interface DeclaredSchema {
  readonly schema: GraphQLSchema;
  readonly limits: PolicyTable;
  readonly limiter: Limiter;
}

/** What the declarations are put into effect with. */
export interface DeclaredBy {
  readonly buckets: BucketStore;
  readonly answers: Answers;
  readonly report: Report;
}

/** Puts into effect what a schema declares of limits and of its answers. Throws a SchemaError with all that cannot work. */
export function declareSchema(
  typeDefs: TypeDefs,
  resolvers: ResolverMap,
  { buckets, answers, report }: DeclaredBy,
): DeclaredSchema {
  const bare = buildSchema(typeDefs, resolvers);
  const limits = compilePolicies(bare);
  const invalidations = compileInvalidations(bare);
  const problems = [...limits.problems, ...checkCacheControl(bare), ...invalidations.problems];
  if (problems.length > 0) throw new SchemaError(problems);

  const limiter = createLimiter(limits.table, buckets, report);
  const invalidating = invalidateAfterResolvers(bare, invalidations.byField, (tags) =>
    answers.invalidate(tags),
  );
  return { schema: limitResolvers(invalidating, limits.table, limiter), limits: limits.table, limiter };
}
