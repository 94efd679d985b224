import { type Dialect, Kysely, sql } from 'kysely';
import { postgresDialect } from './postgres.ts';
import type { ServerTables } from './server-tables.ts';
import { sqliteDialect } from './sqlite.ts';
import type { TableListener } from './table-listener.ts';

/**
 * A database with the tables of an application, or with those that the server keeps for itself.
 *
 * @example
 * ```ts
 * import type { Database } from 'sluice';
 *
 * interface Tables {
 *   notes: { id: number; text: string };
 * }
 *
 * // Drops the answers that were made from `notes`, once it has been committed.
 * export async function removeNote(db: Database<Tables>, id: number): Promise<void> {
 *   await db.deleteFrom('notes').where('id', '=', id).execute();
 * }
 * ```
 */
export type Database<Tables = ServerTables> = Kysely<Tables>;

/**
 * Opens the database that a URL names: `sqlite:PATH`, `sqlite::memory:` or `postgres://…`.
 * A SQLite file is opened, and created, at once; PostgreSQL is connected to by the first query.
 * A process opens a SQLite file once: two transactions of one process on two connections would wait for each other.
 * A listener is told what every query does with tables. It is waited for while the connection is in use, so it must
 * not query the same database; where it throws there is a warning, for what has been written is written.
 * @throws Error that names the value and what is accepted.
 */
export function openDatabase<Tables = ServerTables>(url: string, listener?: TableListener): Database<Tables> {
  return new Kysely<Tables>({ dialect: dialectFor(url, listener) });
}

/** The tables that the server keeps for itself, in a database of which only the application's are known. */
export function withServerTables<Tables>(db: Database<Tables>): Database {
  // What tables there are is a matter of types only, and Kysely takes no others without knowing what it has.
  return db as unknown as Database;
}

function dialectFor(url: string, listener: TableListener | undefined): Dialect {
  if (url.startsWith('sqlite:')) return sqliteDialect(url, listener);
  if (/^postgres(ql)?:/.test(url)) return postgresDialect(url, listener);
  throw new Error(
    `The database URL "${url.replace(/\/\/.*@/, '//…@')}" is of no known kind. Accepted are sqlite:PATH, ` +
      'sqlite::memory: and postgres://USER:PASSWORD@HOST:PORT/NAME.',
  );
}

// Longer than connecting may take, so that it only ends queries on a connection that has fallen silent.
const reachableWithinMs = 6000;

/** Whether the database answers a query, for readiness checks; at the latest after 6 seconds, and it never throws. */
export async function isReachable<Tables>(db: Database<Tables>): Promise<boolean> {
  try {
    await sql`select 1`.execute(db, { signal: AbortSignal.timeout(reachableWithinMs) });
    return true;
  } catch {
    return false;
  }
}
