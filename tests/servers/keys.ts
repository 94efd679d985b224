import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createApiKey, hashApiKey } from '../../src/caller/api-key.ts';
import { insertApiKey, revokeApiKey } from '../../src/database/api-keys.ts';
import { type Database, openDatabase } from '../../src/database/database.ts';
import type { Start, TestApp, TestAppOptions } from '../support/app.ts';

export interface AppWithKeys<Name extends string> extends TestApp {
  /** The header fields that make a request one of the key's. */
  readonly by: Readonly<Record<Name, Record<string, string>>>;
  /** Revokes a key, as another process would. */
  readonly revoke: (name: Name) => Promise<void>;
}

/** Starts an app, and adds API keys of these tiers to its database. */
export async function startWithKeys<Name extends string>(
  start: Start,
  tiers: Readonly<Record<Name, readonly string[]>>,
  options: TestAppOptions = {},
): Promise<AppWithKeys<Name>> {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const url = `sqlite:${join(directory, 'test.db')}`;
  const app = await start({ ...options, env: { ...options.env, DATABASE_URL: url } });
  const names = Object.keys(tiers) as Name[];
  const keys = names.map((name) => ({ name, key: createApiKey() }));
  await withDatabase(url, async (db) => {
    for (const { name, key } of keys) {
      const createdAt = new Date(app.clock.now());
      await insertApiKey(db, { name, keyHash: hashApiKey(key), tiers: tiers[name], createdAt });
    }
  });
  const by = {} as Record<Name, Record<string, string>>;
  for (const { name, key } of keys) by[name] = { 'x-api-key': key };
  return Object.assign(app, {
    by,
    revoke: (name: Name) =>
      withDatabase(url, async (db) => {
        await revokeApiKey(db, name, new Date(app.clock.now()));
      }),
  });
}

async function withDatabase(url: string, use: (db: Database) => Promise<void>): Promise<void> {
  const db = openDatabase(url);
  try {
    await use(db);
  } finally {
    await db.destroy();
  }
}
