import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { keptSecret } from '../../src/caller/jwt-secret.ts';
import { openSqliteFile, type SqliteFile } from '../../src/connections/sqlite-file.ts';

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-own-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
}

function open(path: string): SqliteFile {
  const database = openSqliteFile(path, 1000);
  onTestFinished(() => void database.close());
  database.exec('create table if not exists t (x)');
  database.exec('insert into t values (1)');
  return database;
}

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

/** The modes of all files in a folder, by their names. */
function modesIn(folder: string): Record<string, string> {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, modeOf(join(folder, name))]));
}

const own = { 'x.db': '600', 'x.db-wal': '600', 'x.db-shm': '600' };

describe('a SQLite file', () => {
  it('is for its owner alone with its log, like the folders that are made for it', () => {
    const folder = newFolder();
    chmodSync(folder, 0o755);
    open(join(folder, 'data', 'deep', 'x.db'));
    expect(modesIn(join(folder, 'data', 'deep'))).toEqual(own);
    expect([folder, join(folder, 'data'), join(folder, 'data', 'deep')].map(modeOf)).toEqual([
      '755',
      '700',
      '700',
    ]);
  });

  it('of an earlier run is taken from others, and what lies beside it', () => {
    const folder = newFolder();
    const path = join(folder, 'x.db');
    open(path);
    for (const name of Object.keys(own)) chmodSync(join(folder, name), 0o644);
    open(path);
    expect(modesIn(folder)).toEqual(own);
  });

  it('leaves a folder that is there as it is', () => {
    const folder = join(newFolder(), 'shared');
    mkdirSync(folder, { mode: 0o755 });
    chmodSync(folder, 0o755);
    open(join(folder, 'x.db'));
    expect(modeOf(folder)).toBe('755');
  });

  it('has nothing made for it in memory', () => {
    const before = readdirSync('.');
    open(':memory:');
    expect(readdirSync('.')).toEqual(before);
  });
});

describe('the secret of tokens', () => {
  it.each(['made anew', 'of an earlier run'])('is for its owner alone, %s', (which) => {
    const path = join(newFolder(), 'jwt-secret');
    if (which !== 'made anew') writeFileSync(path, 'x'.repeat(40), { mode: 0o644 });
    expect(keptSecret(path).length).toBeGreaterThanOrEqual(32);
    expect(modeOf(path)).toBe('600');
  });
});
