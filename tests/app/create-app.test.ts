import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { createApp } from '../../src/app/create-app.ts';
import { loadConfig } from '../../src/config/config.ts';
import { revokeApiKey } from '../../src/database/api-keys.ts';
import { withServerTables } from '../../src/database/database.ts';
import { shop } from '../../src/shop/index.ts';
import { startApp } from '../support/app.ts';
import { ask } from '../support/client.ts';
import { createLog } from '../support/log.ts';
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

it('takes the first admin key from the configuration, and says nothing of it', async () => {
  const ADMIN_KEY = 'x'.repeat(40);
  const { url, adminKey } = await startApp({ env: { ADMIN_KEY } });
  expect(adminKey).toBeUndefined();
  const create = 'mutation { createProduct(input: { name: "Ghee", price: 9.99 }) { id } }';
  const { body } = await ask(url, create, { headers: { 'x-api-key': ADMIN_KEY } });
  expect(body.data).toEqual({ createProduct: { id: '4' } });
});

it.each(['made later', 'revoked'])(
  'makes no admin key of one in the configuration that was %s',
  async (how) => {
    const DATABASE_URL = temporaryDatabase();
    const ADMIN_KEY = 'x'.repeat(40);
    {
      await using app = await createApp({
        ...shop,
        config: loadConfig({ DATABASE_URL, ...(how === 'revoked' && { ADMIN_KEY }), LOG_LEVEL: 'silent' }),
      });
      if (how === 'revoked') await revokeApiKey(withServerTables(app.db), 'admin', new Date());
    }
    const { log, lines } = createLog();
    const { url } = await startApp({ env: { DATABASE_URL, ADMIN_KEY }, log });
    expect((await ask(url, '{ __typename }', { headers: { 'x-api-key': ADMIN_KEY } })).status).toBe(401);
    expect(lines).toMatchObject([
      { msg: expect.stringMatching(/^ADMIN_KEY is no API key of this database/) as string },
    ]);
    expect(JSON.stringify(lines)).not.toContain(ADMIN_KEY);
  },
);
