import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, describe, expect, it } from 'vitest';
import { isReachable, openDatabase } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { allMigrations } from '../support/database.ts';
import { describeDatabases } from '../support/databases/describe-databases.ts';
import { startPglite } from '../support/postgres.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-data-'));
const textFile = join(folder, 'text.txt');
writeFileSync(textFile, 'This is no database. '.repeat(50));
afterAll(() => rm(folder, { recursive: true }));

describeDatabases(({ open }) => {
  it('is reachable while it is open', async () => {
    const db = await open();
    expect(await isReachable(db)).toBe(true);
    await db.destroy();
    expect(await isReachable(db)).toBe(false);
  });
});

describe('a database URL', () => {
  it.each([
    '',
    'sluice.db',
    'mysql://localhost/sluice',
    'sqlite:',
    'sqlite://data/sluice.db',
    `sqlite:${folder}`,
    `sqlite:${textFile}`,
    `sqlite:${textFile}/sluice.db`,
  ])('that is %j is refused, with what is accepted', (url) => {
    expect(() => openDatabase(url)).toThrow(`"${url}"`);
    expect(() => openDatabase(url)).toThrow(/Accepted .*sqlite:PATH/);
  });

  it.each(['postgres://', 'postgres://localhost:port/sluice', 'postgresql://localhost/sluice?pool_size=0'])(
    'that is %j is refused, with what is accepted',
    (url) => {
      expect(() => openDatabase(url)).toThrow(`"${url}"`);
      expect(() => openDatabase(url)).toThrow(/Accepted is postgres:\/\/USER:PASSWORD@HOST:PORT\/NAME/);
    },
  );

  it.each(['postgres://me:secret@localhost:port/sluice', 'mysql://me:secret@localhost/sluice'])(
    'that is refused does not tell its password: %s',
    (url) => {
      expect(() => openDatabase(url)).toThrow(/^(?!.*secret)/s);
    },
  );
});

describe('a SQLite file', () => {
  it('is created, with its folder, and set up for several processes', async () => {
    await using db = openDatabase(`sqlite:${join(folder, 'new', 'folder', 'sluice.db')}`);
    const settings = await sql`
      select journal_mode, foreign_keys, synchronous, timeout
      from pragma_journal_mode, pragma_foreign_keys, pragma_synchronous, pragma_busy_timeout
    `.execute(db);
    expect(settings.rows).toEqual([{ journal_mode: 'wal', foreign_keys: 1, synchronous: 1, timeout: 5000 }]);
  });

  it('may be memory', async () => {
    await using db = openDatabase('sqlite::memory:');
    await migrate(db, allMigrations);
    expect(await isReachable(db)).toBe(true);
  });
});

describe('a PostgreSQL server', () => {
  it('that refuses connections is not reachable, and migrating says why', async () => {
    const server = await startPglite();
    await server.stop();
    await using db = openDatabase(server.url);
    expect(await isReachable(db)).toBe(false);
    await expect(migrate(db, allMigrations)).rejects.toThrow(
      /^The migrations failed and left nothing behind: .*ECONNREFUSED/,
    );
  });

  it('that goes away fails the queries, not the process, and is reachable again when it is back', async () => {
    const server = await startPglite();
    await using db = openDatabase(server.url);
    const transaction = db.transaction().execute(async (running) => {
      await sql`select 1`.execute(running);
      await server.stop();
      await sql`select 1`.execute(running);
    });
    await expect(transaction).rejects.toThrow();
    expect(await isReachable(db)).toBe(false);

    const back = await startPglite(Number(new URL(server.url).port));
    expect(await isReachable(db)).toBe(true);
    await back.stop();
    expect(await isReachable(db)).toBe(false);
  });
});
