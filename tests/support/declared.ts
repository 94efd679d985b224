import { type ExecutionResult, graphql } from 'graphql';
import { type DeclaredSchema, declareSchema } from '../../src/app/declared-schema.ts';
import type { Caller } from '../../src/caller/caller.ts';
import type { ResolverMap, TypeDefs } from '../../src/directives/build-schema.ts';
import { SchemaError } from '../../src/directives/schema-error.ts';
import { createMemoryStore, type LimiterOptions, type PolicyTable } from '../../src/rate-limit/index.ts';
import { type AnswerStore, createMemoryStore as createAnswerStore } from '../../src/response-cache/index.ts';
import { FakeClock } from './fake-clock.ts';

/** A schema of the test's own with what it declares in effect. */
export function declare(
  typeDefs: TypeDefs,
  resolvers: ResolverMap = {},
  { clock = new FakeClock(), answers: given, ...limiting }: Parts = {},
): TestSchema {
  const answers = given ?? createAnswerStore({ clock, maxBytes: 1 << 20 });
  const defaults = { store: createMemoryStore({ clock }), report: () => undefined };
  const declared = declareSchema(typeDefs, resolvers, { answers, clock, ...defaults, ...limiting });
  return { ...declared, limits: declared.limiter.limits.inForce, answers, clock };
}

export interface TestSchema extends DeclaredSchema {
  readonly answers: AnswerStore;
  readonly clock: FakeClock;
  readonly limits: PolicyTable;
}

export interface Parts extends Partial<Omit<LimiterOptions, 'declared'>> {
  readonly clock?: FakeClock;
  readonly answers?: AnswerStore;
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
