import { Socket } from 'node:net';
import type {
  DatabaseIntrospector,
  Dialect,
  Driver,
  Kysely,
  PostgresDialectConfig,
  SchemaMetadata,
  TableMetadata,
} from 'kysely';
import { PostgresDialect, sql } from 'kysely';
import type { ClientConfig, Pool } from 'pg';
import { loadDriver } from '../util/load-driver.ts';
import type { TableListener } from './table-listener.ts';
import { loadPostgresRelations } from './tracking/postgres-relations.ts';
import { TrackingDriver } from './tracking/tracking-driver.ts';

const connectionTimeoutMs = 5000;
const defaultPoolSize = '10';
const defaultQueryTimeout = '30000';
// Nobody tells of the tables and triggers that other sessions make.
const relationsMaxAgeMs = 30_000;

/**
 * Kysely's dialect for the server that a `postgres://` URL names, through a pool of connections.
 * The size of the pool is the URL's `pool_size`, 10 by default, and `query_timeout` is how long the server may be
 * silent, 30,000 ms by default: then the connection is given up. All other parameters are those of `pg`, which is loaded
 * by the first query.
 * @throws Error when the URL is malformed; it names the value, without its password, and what is accepted.
 */
export function postgresDialect(url: string, listener?: TableListener): Dialect {
  const options = readUrl(url);
  return new TrackingDialect({ pool: () => openPool(options) }, listener);
}

async function openPool(options: FromUrl): Promise<Pool> {
  const { Client, Pool } = await loadDriver('pg', () => import('pg'));
  /** Also for the connections by which queries are cancelled, which are not the pool's. */
  class ForgivingClient extends Client {
    constructor(config?: ClientConfig) {
      super(config);
      this.on('error', ignore);
    }
  }
  const pool = new Pool({
    ...options,
    Client: ForgivingClient,
    connectionTimeoutMillis: connectionTimeoutMs,
    keepAlive: true,
  });
  // A lost connection fails the query that uses it, and the pool replaces it. Without listeners it would, besides,
  // end the process: the pool listens for those of idle connections, nobody for those in use.
  pool.on('error', ignore);
  return pool;
}

function ignore(): void {
  // The query has the error.
}

interface FromUrl {
  readonly connectionString: string;
  readonly max: number;
  readonly stream: () => Socket;
}

function readUrl(url: string): FromUrl {
  const parsed = URL.parse(url);
  if (parsed === null || !namesHost(parsed)) throw unusable(url);
  const size = parsed.searchParams.get('pool_size') ?? defaultPoolSize;
  if (!/^[1-9]\d{0,3}$/.test(size)) throw unusable(url);
  const timeout = parsed.searchParams.get('query_timeout') ?? defaultQueryTimeout;
  if (!/^[1-9]\d{1,8}$/.test(timeout)) throw unusable(url);
  for (const own of ['pool_size', 'query_timeout']) parsed.searchParams.delete(own);
  return { connectionString: parsed.href, max: Number(size), stream: () => impatientSocket(Number(timeout)) };
}

/** One that breaks when it has been silent for so long: a query on it fails, and the pool replaces it. */
function impatientSocket(timeoutMs: number): Socket {
  const socket = new Socket();
  return socket.setTimeout(timeoutMs, () => {
    socket.destroy(new Error(`The server was silent for ${timeoutMs} ms.`));
  });
}

function namesHost(url: URL): boolean {
  return url.hostname !== '' || url.searchParams.has('host');
}

function unusable(url: string): Error {
  const accepted =
    'postgres://USER:PASSWORD@HOST:PORT/NAME, with ?pool_size=1 to 9999 where 10 connections do not fit, and ?query_timeout in milliseconds where 30000 do not';
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
