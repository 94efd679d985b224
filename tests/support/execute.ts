import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { execute, type GraphQLError } from 'graphql';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { Caller } from '../../src/caller/caller.ts';
import { createTokens, type Tokens } from '../../src/caller/token.ts';
import { openDatabase, type Database } from '../../src/data/database.ts';
import { migrate } from '../../src/data/migrate.ts';
import { seed } from '../../src/data/sample-data.ts';
import type { SampleContext } from '../../src/schema/context.ts';
import { sampleSdl } from '../../src/schema/own-definitions.ts';
import { sampleResolvers } from '../../src/schema/resolvers/index.ts';
import { declare } from './declared.ts';
import type { FakeClock } from './fake-clock.ts';

export interface TypedResult<Data> {
  readonly data: Data | null | undefined;
  readonly errors: readonly GraphQLError[];
}

/** The sample API without a server: its schema over a database in memory with the sample products. */
export interface SampleApi {
  readonly db: Database;
  readonly tokens: Tokens;
  readonly clock: FakeClock;
  /** Runs an operation, by default for a caller with an address that nobody had before, and so with limits unused. */
  run<Data, Variables extends Record<string, unknown>>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    caller?: Caller,
  ): Promise<TypedResult<Data>>;
}

/** How long the API's tokens are good for, in seconds. */
export const tokenLifetime = 3600;

export async function openSampleApi(): Promise<SampleApi> {
  const { schema, limiter, clock } = declare(sampleSdl, sampleResolvers);
  const db = openDatabase('sqlite::memory:');
  onTestFinished(() => db.destroy());
  await migrate(db);
  await seed(db);
  const tokens = createTokens({
    secret: 'a secret for tests, of 32 or more',
    lifetime: tokenLifetime,
    clock,
  });
  let strangers = 0;

  return {
    db,
    tokens,
    clock,
    async run<Data, Variables extends Record<string, unknown>>(
      document: TypedDocumentNode<Data, Variables>,
      variableValues: Variables,
      caller = stranger(++strangers),
    ) {
      const contextValue: SampleContext = {
        requestId: 'test',
        method: 'POST',
        caller,
        log: pino({ level: 'silent' }),
        headers: new Map(),
        cacheWishes: undefined,
        cache: { invalidate: () => Promise.resolve(), restrict: () => undefined },
        rateLimits: () => limiter.status(caller),
        db,
        tokens,
      };
      const { data, errors = [] } = await execute({ schema, document, variableValues, contextValue });
      return { data: data as Data | null | undefined, errors };
    },
  };
}

/** A caller without key and token, with the address that the number stands for. */
export function stranger(n: number): Caller {
  return { ip: `2001:db8:0:${n.toString(16)}::/64`, tiers: ['ANONYMOUS'] };
}

export const admin: Caller = { ip: '192.0.2.1', apiKeyId: '1', tiers: ['ADMIN'] };

export function user(id: string): Caller {
  return { ip: '192.0.2.1', userId: id, tiers: ['USER'] };
}

/** The codes of errors. */
export function codes(errors: readonly GraphQLError[]): unknown[] {
  return errors.map(({ extensions }) => extensions['code']);
}
