import Sqlite from 'better-sqlite3';
import { Kysely, SqliteDialect, type Generated } from 'kysely';
import { variable } from './variable.ts';

interface Tables {
  users: { id: Generated<number>; name: string; email: string; email_key: string; password_hash: string };
  products: { id: Generated<number>; name: string; price_cents: number };
}

const database = new Sqlite(variable('DATABASE'));
database.pragma('journal_mode = WAL');
database.pragma('synchronous = NORMAL');

/** The same file that Sluice has, reached by the same packages. */
export const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database }) });
