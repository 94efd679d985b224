import type { MaybePromise } from '@whatwg-node/promise-helpers';
import type { Tokens } from '../caller/token.ts';
import type { Database } from '../database/database.ts';
import type { MigrationSet } from '../database/migrate.ts';
import type { ResolverMap, TypeDefs } from '../directives/build-schema.ts';
import type { ServerContext } from '../operation/context.ts';
import type { LimitHooks } from './limit-hooks.ts';

/**
 * The context of an operation, as resolvers find it, but for what the application adds.
 *
 * @example
 * ```ts
 * import type { RequestContext } from 'sluice';
 *
 * interface Tables {
 *   notes: { id: number; text: string };
 * }
 *
 * export const Query = {
 *   notes: (_parent: unknown, _args: unknown, { db }: RequestContext<Tables>) =>
 *     db.selectFrom('notes').selectAll().execute(),
 * };
 * ```
 */
export interface RequestContext<Tables = unknown> extends ServerContext {
  /** The database. What is written through it invalidates the answers that were made from the tables. */
  readonly db: Database<Tables>;
  /** Issues the tokens of signed-in users. */
  readonly tokens: Tokens;
}

/**
 * A schema, its resolvers and what they need. The type parameter is that of its tables.
 *
 * @example
 * ```ts
 * import type { Application } from 'sluice';
 *
 * export const dice = {
 *   typeDefs: `type Query { dice(sides: Int! = 6): Int @rateLimit(limit: 10, duration: 60) }`,
 *   resolvers: {
 *     Query: {
 *       dice: (_parent: unknown, { sides }: { sides: number }) => 1 + Math.floor(Math.random() * sides),
 *     },
 *   },
 * } satisfies Application;
 * ```
 */
export interface Application<Tables = unknown> extends LimitHooks {
  /** The schema to serve. Sluice's directives need not be defined in it. */
  readonly typeDefs: TypeDefs;
  /** The resolvers of `typeDefs`; by default objects and functions are read as graphql-js does. */
  readonly resolvers?: ResolverMap;
  /** The application's own tables, brought up to date at the start, beside those that the server keeps for itself. */
  readonly migrations?: MigrationSet;
  /** Fills a database that has just been made, within the transaction in which it gets its first API key. */
  readonly seed?: (db: Database<Tables>) => Promise<unknown>;
  /**
   * Whether the user that a token was issued to is still there; by default a token is good until it expires. Asked once
   * for each user, and again when a table has changed that was read for it, or after ten seconds.
   */
  readonly hasUser?: (db: Database<Tables>, userId: string) => MaybePromise<boolean>;
  /** What to add to the context of each operation, for resolvers to use. */
  readonly context?: (request: RequestContext<Tables>) => object | Promise<object>;
}
