import { onTestFinished } from 'vitest';
import { type App, type AppOptions, createApp } from '../../src/app/create-app.ts';
import { loadConfig } from '../../src/config/config.ts';
import type { EnvSource } from '../../src/config/env.ts';
import { shop } from '../../src/shop/index.ts';
import type { AllTables } from './database.ts';
import { FakeClock } from './fake-clock.ts';

export interface TestApp extends App<AllTables> {
  readonly url: string;
  readonly clock: FakeClock;
}

export interface TestAppOptions extends Partial<Omit<AppOptions<AllTables>, 'config' | 'clock'>> {
  /** Environment variables on top of a free port, a database in memory and no log. */
  readonly env?: EnvSource;
}

/** An app of its own for the test, by default of the shop, listening on a free port, which is closed when the test ends. */
export async function startApp({ env = {}, ...options }: TestAppOptions = {}): Promise<TestApp> {
  const clock = new FakeClock();
  const quiet = { PORT: '0', DATABASE_URL: 'sqlite::memory:', LOG_LEVEL: 'silent' };
  const config = loadConfig({ ...quiet, ...env });
  const { typeDefs } = options;
  const application = typeDefs === undefined ? { ...shop, ...options } : { ...options, typeDefs };
  const app = await createApp<AllTables>({ ...application, clock, config });
  onTestFinished(() => app.dispose());
  return Object.assign(app, { url: await app.listen(), clock });
}

/** Starts an app on one of the servers, as `startApp` does. */
export type Start = (options?: TestAppOptions) => Promise<TestApp>;

export const serverKinds = ['yoga', 'apollo'] as const;
export type ServerKind = (typeof serverKinds)[number];

/** `startApp` with the server chosen. */
export function startOn(kind: ServerKind): Start {
  return ({ env = {}, ...options } = {}) => startApp({ ...options, env: { SERVER: kind, ...env } });
}
