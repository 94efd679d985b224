import { PostgresDialect, sql } from 'kysely';
import type {
  DatabaseIntrospector,
  Dialect,
  Driver,
  Kysely,
  PostgresDialectConfig,
  SchemaMetadata,
  TableMetadata,
} from 'kysely';
import { Pool } from 'pg';
import type { TableListener } from './table-listener.ts';
import { loadPostgresRelations } from './tracking/postgres-relations.ts';
import { TrackingDriver } from './tracking/tracking-driver.ts';

const connectionTimeoutMs = 5000;
const defaultPoolSize = '10';
// Nobody tells of the tables and triggers that other sessions make.
const relationsMaxAgeMs = 30_000;

/**
 * Kysely's dialect for the server that a `postgres://` URL names, through a pool of connections.
 * The size of the pool is the URL's `pool_size`, 10 by default; all other parameters are those of `pg`.
 * @throws Error when the URL is malformed; it names the value, without its password, and what is accepted.
 */
export function postgresDialect(url: string, listener?: TableListener): Dialect {
  const pool = new Pool({
    ...readUrl(url),
    connectionTimeoutMillis: connectionTimeoutMs,
    keepAlive: true,
  });
  // A lost connection fails the query that uses it, and the pool replaces it. Without listeners it would, besides,
  // end the process: the pool listens for those of idle connections, nobody for those in use.
  pool.on('error', ignore);
  pool.on('connect', (client) => client.on('error', ignore));
  return new TrackingDialect({ pool }, listener);
}

function ignore(): void {
  // The query has the error.
}

function readUrl(url: string): { connectionString: string; max: number } {
  const parsed = URL.parse(url);
  if (parsed === null || !namesHost(parsed)) throw unusable(url);
  const size = parsed.searchParams.get('pool_size') ?? defaultPoolSize;
  if (!/^[1-9]\d{0,3}$/.test(size)) throw unusable(url);
  parsed.searchParams.delete('pool_size');
  return { connectionString: parsed.href, max: Number(size) };
}

function namesHost(url: URL): boolean {
  return url.hostname !== '' || url.searchParams.has('host');
}

function unusable(url: string): Error {
  const accepted =
    'postgres://USER:PASSWORD@HOST:PORT/NAME, with ?pool_size=1 to 9999 where 10 connections do not fit';
  return new Error(
    `The database URL "${url.replace(/\/\/.*@/, '//…@')}" is malformed. Accepted is ${accepted}.`,
  );
}

class TrackingDialect extends PostgresDialect {
  readonly #listener: TableListener | undefined;

  constructor(config: PostgresDialectConfig, listener: TableListener | undefined) {
    super(config);
    this.#listener = listener;
  }

  override createDriver(): Driver {
    const driver = super.createDriver();
    if (this.#listener === undefined) return driver;
    return new TrackingDriver(driver, {
      listener: this.#listener,
      loadRelations: loadPostgresRelations,
      relationsMaxAgeMs,
    });
  }

  override createIntrospector(db: Kysely<unknown>): DatabaseIntrospector {
    return new CurrentSchemaIntrospector(db);
  }
}

/**
 * Knows the names of the tables in the current schema, which is what migrations ask for. Kysely's own looks through
 * all schemas: it takes a neighbour's migrations for ours, and fails when a neighbour drops a table meanwhile.
 */
class CurrentSchemaIntrospector implements DatabaseIntrospector {
  readonly #db: Kysely<unknown>;

  constructor(db: Kysely<unknown>) {
    this.#db = db;
  }

  async getSchemas(): Promise<SchemaMetadata[]> {
    const { rows } = await sql<SchemaMetadata>`select current_schema() as name`.execute(this.#db);
    return rows;
  }

  async getTables(): Promise<TableMetadata[]> {
    const { rows } = await sql<{ name: string; schema: string }>`
      select tablename as name, schemaname as schema from pg_catalog.pg_tables where schemaname = current_schema()
    `.execute(this.#db);
    return rows.map((row) => ({ ...row, isView: false, isForeign: false, columns: [] }));
  }
}
