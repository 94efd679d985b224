import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { execute, type GraphQLError } from 'graphql';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { Caller } from '../../src/caller/caller.ts';
import { createTokens, type Tokens } from '../../src/caller/token.ts';
import { migrate } from '../../src/database/migrate.ts';
import type { ShopContext } from '../../src/shop/context.ts';
import { shop } from '../../src/shop/index.ts';
import { seed } from '../../src/shop/seed.ts';
import { allMigrations, openTestDatabase, type TestDatabase } from '../support/database.ts';
import { declare } from '../support/declared.ts';
import type { FakeClock } from '../support/fake-clock.ts';

interface TypedResult<Data> {
  readonly data: Data | null | undefined;
  readonly errors: readonly GraphQLError[];
}

/** The shop without a server: its schema over a database in memory with the sample products. */
export interface OpenShop {
  readonly db: TestDatabase;
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

export async function openShop(): Promise<OpenShop> {
  const { schema, limiter, clock } = declare(shop.typeDefs, shop.resolvers);
  const db = openTestDatabase('sqlite::memory:');
  onTestFinished(() => db.destroy());
  await migrate(db, allMigrations);
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
      const contextValue: ShopContext = {
        requestId: 'test',
        method: 'POST',
        caller,
        signal: new AbortController().signal,
        log: pino({ level: 'silent' }),
        headers: new Map(),
        requestCacheControl: undefined,
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
