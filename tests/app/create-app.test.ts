import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { createApp } from '../../src/app/create-app.ts';
import { loadConfig } from '../../src/config/config.ts';
import { shop } from '../../src/shop/index.ts';
import { temporaryDatabase } from '../support/program.ts';

function fileOf(url: string): string {
  const path = url.slice('sqlite:'.length);
  mkdirSync(dirname(path), { recursive: true });
  return path;
}

it('makes its first admin key only once nothing else can fail, so that the key is never lost', async () => {
  const DATABASE_URL = temporaryDatabase();
  const config = loadConfig({ PORT: '0', DATABASE_URL, LOG_LEVEL: 'silent' });
  const secret = join(dirname(fileOf(DATABASE_URL)), 'jwt-secret');
  writeFileSync(secret, 'short');
  await expect(createApp({ ...shop, config })).rejects.toThrow(/jwt-secret holds no secret/);
  rmSync(secret);
  await using app = await createApp({ ...shop, config });
  expect(app.adminKey).toMatch(/^slk_/);
});

it('leaves the tables of an application alone that brings its own schema and database', async () => {
  const DATABASE_URL = temporaryDatabase();
  const file = new Sqlite(fileOf(DATABASE_URL));
  file.exec('create table users (theirs text); create table kysely_migration (name text)');
  const config = loadConfig({ PORT: '0', DATABASE_URL, LOG_LEVEL: 'silent' });
  {
    await using app = await createApp({ config, typeDefs: 'type Query { ok: Boolean }' });
    expect(app.adminKey).toMatch(/^slk_/);
  }
  const names = file
    .prepare<[], { name: string }>(`select name from sqlite_master where type = 'table'`)
    .all();
  const theirs = names.filter(({ name }) => !/^(sluice|sqlite)_/.test(name));
  expect(theirs.map(({ name }) => name)).toEqual(['users', 'kysely_migration']);
  file.close();
});

it('opens no database for a schema that it cannot serve', async () => {
  const DATABASE_URL = temporaryDatabase();
  const config = loadConfig({ DATABASE_URL, LOG_LEVEL: 'silent' });
  const typeDefs = 'type Query { f: Int @rateLimit(limit: 0) }';
  await expect(createApp({ config, typeDefs })).rejects.toThrow(/Query\.f: @rateLimit\(limit: 0\)/);
  expect(existsSync(DATABASE_URL.slice('sqlite:'.length))).toBe(false);
});
