import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { migrate } from '../../../src/database/migrate.ts';
import type { TableListener } from '../../../src/database/table-listener.ts';
import { allMigrations, openTestDatabase, type TestDatabase } from '../database.ts';
import type { TestPostgres } from '../postgres.ts';
import { startPostgres } from '../postgres.ts';
import { inOneProcess, inProcesses } from './race.ts';
import type { Task } from './tasks.ts';

export interface TestDatabases {
  /** A database without rows, and without tables where asked; closed after the test. */
  open: (options?: { migrated?: boolean; listener?: TableListener }) => Promise<TestDatabase>;
  /**
   * What each of several runs of a task on one database without tables returned. They run at once: in processes of
   * their own, or on PGlite, which serves one connection, in this process.
   */
  race: (task: Task, runs: number) => Promise<{ results: unknown[]; db: TestDatabase }>;
}

/** Somewhere to put one database after the other. */
type Place = Pick<TestPostgres, 'concurrent' | 'reset' | 'stop'> & { url(): string };

/** Runs the same tests on SQLite and on PostgreSQL. */
export function describeDatabases(tests: (databases: TestDatabases) => void): void {
  describeSqlite(tests);
  describePostgres(tests);
}

/** Runs tests of what only SQLite does. */
export function describeSqlite(tests: (databases: TestDatabases) => void): void {
  describe('on SQLite', () => {
    tests(databasesIn(startSqlite));
  });
}

/** Runs tests of what only PostgreSQL does. */
export function describePostgres(tests: (databases: TestDatabases) => void): void {
  describe('on PostgreSQL', () => {
    tests(databasesIn(async () => await placeOf(startPostgres())));
  });
}

function databasesIn(start: () => Promise<Place>): TestDatabases {
  const opened: TestDatabase[] = [];
  let place: Place;
  beforeAll(async () => {
    place = await start();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((db) => db.destroy()));
    await place.reset();
  });
  afterAll(async () => {
    await place.stop();
  });
  const open = (listener?: TableListener): TestDatabase => {
    const db = openTestDatabase(place.url(), listener);
    opened.push(db);
    return db;
  };
  return {
    async open({ migrated = true, listener } = {}) {
      const db = open(listener);
      if (migrated) await migrate(db, allMigrations);
      return db;
    },
    async race(task, runs) {
      if (!place.concurrent) {
        const db = open();
        return { results: await inOneProcess(task, runs, db), db };
      }
      const results = await inProcesses(task, runs, place.url());
      return { results, db: open() };
    },
  };
}

async function startSqlite(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-data-'));
  let file = 0;
  return {
    url: () => `sqlite:${join(folder, `${file}.db`)}`,
    concurrent: true,
    reset: () => {
      file += 1;
      return Promise.resolve();
    },
    stop: () => rm(folder, { recursive: true }),
  };
}

async function placeOf(starting: Promise<TestPostgres>): Promise<Place> {
  const { url, ...postgres } = await starting;
  return { ...postgres, url: () => url };
}
