import { onTestFinished } from 'vitest';
import { type App, type AppOptions, createApp } from '../../src/app/create-app.ts';
import { createApiKey, hashApiKey } from '../../src/caller/api-key.ts';
import { loadConfig } from '../../src/config/config.ts';
import type { EnvSource } from '../../src/config/env.ts';
import { insertApiKey } from '../../src/database/api-keys.ts';
import { shop } from '../../src/shop/index.ts';
import type { AllTables } from './database.ts';
import { FakeClock } from './fake-clock.ts';

type HeaderFields = Readonly<Record<string, string>>;

export interface TestApp<Key extends string = never> extends App<AllTables> {
  readonly url: string;
  /** The app's time, unless it was given another clock. */
  readonly clock: FakeClock;
  /** The header fields that make a request one of an API key's. */
  readonly by: Readonly<Record<Key, HeaderFields>>;
}

export interface TestAppOptions<Key extends string = never> extends Partial<
  Omit<AppOptions<AllTables>, 'config'>
> {
  /** Environment variables on top of a free port, a database in memory and no log. */
  readonly env?: EnvSource;
  /** API keys that there are from the start, by name, with the tiers of each. */
  readonly keys?: Readonly<Record<Key, readonly string[]>>;
}

/** Starts an app, as `startApp` does. */
export type Start = <Key extends string = never>(options?: TestAppOptions<Key>) => Promise<TestApp<Key>>;

/** An app of its own for the test, by default of the shop, listening on a free port, which is closed when the test ends. */
export const startApp: Start = async ({ env = {}, keys, ...options } = {}) => {
  const clock = new FakeClock();
  const quiet = { PORT: '0', DATABASE_URL: 'sqlite::memory:', LOG_LEVEL: 'silent' };
  const config = loadConfig({ ...quiet, ...env });
  const { typeDefs } = options;
  const application = typeDefs === undefined ? { ...shop, ...options } : { ...options, typeDefs };
  const app = await createApp<AllTables>({ clock, ...application, config });
  onTestFinished(() => app.dispose());
  const by = await insertApiKeys(app, keys, new Date(clock.now()));
  return Object.assign(app, { url: await app.listen(), clock, by });
};

async function insertApiKeys<Key extends string>(
  { db }: App<AllTables>,
  tiersOf: Readonly<Record<Key, readonly string[]>> | undefined,
  createdAt: Date,
): Promise<Record<Key, HeaderFields>> {
  const by: Record<string, HeaderFields> = {};
  for (const [name, tiers] of Object.entries<readonly string[]>(tiersOf ?? {})) {
    const key = createApiKey();
    const added = await insertApiKey(db, { name, keyHash: hashApiKey(key), tiers, createdAt });
    if (added === undefined) throw new Error(`There is a key named ${name} already.`);
    by[name] = { 'x-api-key': key };
  }
  return by;
}
