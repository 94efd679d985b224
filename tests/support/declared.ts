import { graphql, type ExecutionResult } from 'graphql';
import type { Caller } from '../../src/caller/caller.ts';
import { declareSchema, type DeclaredSchema } from '../../src/declared-schema.ts';
import { createMemoryStore, type BucketStore, type Report } from '../../src/rate-limit/index.ts';
import { createAnswers } from '../../src/response-cache/index.ts';
import type { ResolverMap, TypeDefs } from '../../src/schema/build-schema.ts';
import { SchemaError } from '../../src/schema-error.ts';
import { FakeClock } from './fake-clock.ts';

/** A schema of the test's own with what it declares in effect. */
export function declare(
  typeDefs: TypeDefs,
  resolvers: ResolverMap = {},
  {
    clock = new FakeClock(),
    buckets = createMemoryStore({ clock }),
    report = () => undefined,
  }: Partial<Parts> = {},
): DeclaredSchema & { readonly clock: FakeClock } {
  return { ...declareSchema(typeDefs, resolvers, { buckets, answers: createAnswers(clock), report }), clock };
}

interface Parts {
  readonly clock: FakeClock;
  readonly buckets: BucketStore;
  readonly report: Report;
}

/** What stops a server with this schema from starting, a line each: the schema coordinate, what was found, the fix. */
export function problemsOf(typeDefs: TypeDefs): string[] {
  try {
    declare(typeDefs);
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    return error.message.split('\n  ').slice(1);
  }
  return [];
}

/** Runs an operation on the schema alone, without a server. */
export async function ask(
  { schema }: Pick<DeclaredSchema, 'schema'>,
  source: string,
  { variables, context }: { variables?: Record<string, unknown>; context?: { caller?: Caller } } = {},
): Promise<ExecutionResult> {
  return graphql({ schema, source, variableValues: variables, contextValue: context });
}

export function codesOf({ errors = [] }: ExecutionResult): unknown[] {
  return errors.map(({ extensions }) => extensions['code']);
}
