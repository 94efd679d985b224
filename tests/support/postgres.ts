import { randomUUID } from 'node:crypto';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { Client } from 'pg';

/** A PostgreSQL of a test file's own. */
export interface TestPostgres {
  /** For openDatabase(). */
  readonly url: string;
  /** Whether it serves several connections at a time; PGlite serves one. */
  readonly concurrent: boolean;
  /** Removes all tables. Nothing else may be connected. */
  reset(): Promise<void>;
  /** Ends it, and with it all that it holds. */
  stop(): Promise<void>;
}

/** A schema of the server that DATABASE_URL_TEST names; without one, PGlite. */
export async function startPostgres(): Promise<TestPostgres> {
  const server = process.env['DATABASE_URL_TEST'];
  return server === undefined ? await startPglite() : await createSchema(server);
}

/** PGlite behind a socket on a port of 127.0.0.1, by default a free one. */
export async function startPglite(port = 0): Promise<TestPostgres> {
  const db = await PGlite.create();
  // A connection that is closing may overlap with the next; more than one at work would mix up their transactions.
  const server = new PGLiteSocketServer({ db, port, maxConnections: 4 });
  await server.start();
  return {
    url: `postgres://postgres@${server.getServerConn()}/postgres?pool_size=1`,
    concurrent: false,
    async reset() {
      await db.exec('drop schema public cascade; create schema public');
    },
    async stop() {
      await server.stop();
      await db.close();
    },
  };
}

async function createSchema(server: string): Promise<TestPostgres> {
  const schema = `test_${randomUUID().replaceAll('-', '')}`;
  const url = new URL(server);
  url.searchParams.set('options', `-c search_path=${schema}`);
  await execute(server, `create schema ${schema}`);
  return {
    url: url.href,
    concurrent: true,
    reset: () => execute(server, `drop schema ${schema} cascade; create schema ${schema}`),
    stop: () => execute(server, `drop schema ${schema} cascade`),
  };
}

async function execute(server: string, statements: string): Promise<void> {
  const client = new Client(server);
  await client.connect();
  try {
    await client.query(statements);
  } finally {
    await client.end();
  }
}
