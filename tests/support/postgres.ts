import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { Client } from 'pg';
import { root } from './source-files.ts';

/** A PostgreSQL of a test file's own. */
export interface TestPostgres {
  /** For openDatabase(). */
  readonly url: string;
  /** Whether it serves several connections at a time; PGlite serves one. */
  readonly concurrent: boolean;
  /** Removes all tables. Nothing else may be connected. */
  reset(): Promise<void>;
  /** Ends its use: nothing of what it holds is left. */
  stop(): Promise<void>;
}

/** One for all files of a worker, which run one after the other: starting it takes longer than most of them. */
let pglite: Promise<TestPostgres> | undefined;

/** A schema of the server that DATABASE_URL_TEST names; without one, PGlite, emptied. */
export async function startPostgres(): Promise<TestPostgres> {
  const server = process.env['DATABASE_URL_TEST'];
  if (server !== undefined) return await createSchema(server);
  pglite ??= startPglite();
  const shared = await pglite;
  return { ...shared, stop: () => shared.reset() };
}

/** The files of an empty database, which are loaded in a fraction of the time that making them takes. */
let emptyDatabase: Promise<Blob> | undefined;

/** PGlite behind a socket on a port of 127.0.0.1, by default a free one. */
export async function startPglite(port = 0): Promise<TestPostgres> {
  emptyDatabase ??= readEmptyDatabase();
  const db = await PGlite.create({ loadDataDir: await emptyDatabase });
  // A connection that is closing may overlap with the next; more than one at work would mix up their transactions.
  const server = new PGLiteSocketServer({ db, port, maxConnections: 4 });
  await server.start();
  return {
    url: `postgres://postgres@${server.getServerConn()}/postgres?pool_size=1`,
    concurrent: false,
    async reset() {
      await db.exec(`
        do $$ declare own name; begin
          for own in select nspname from pg_namespace where nspname !~ '^pg_|^information_schema$' loop
            execute format('drop schema %I cascade', own);
          end loop;
        end $$;
        create schema public;
      `);
    },
    async stop() {
      await server.stop();
      await db.close();
    },
  };
}

/** Takes those that an earlier run has made with the same PGlite, where there are any. */
async function readEmptyDatabase(): Promise<Blob> {
  const path = join(tmpdir(), `sluice-pglite-${pgliteVersion()}-${process.getuid?.() ?? 0}.tar`);
  if (existsSync(path)) return new Blob([readFileSync(path)]);
  const made = await makeEmptyDatabase();
  // Renamed once it is whole, since others may look for it meanwhile.
  const whole = `${path}.${process.pid}`;
  writeFileSync(whole, await made.bytes());
  renameSync(whole, path);
  return made;
}

/** The version that package.json asks for, which is an exact one. */
function pgliteVersion(): string {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  return String(devDependencies['@electric-sql/pglite']);
}

async function makeEmptyDatabase(): Promise<Blob> {
  await using db = await PGlite.create();
  return await db.dumpDataDir('none');
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
