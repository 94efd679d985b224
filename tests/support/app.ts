import { onTestFinished } from 'vitest';
import { createApp, type App, type AppOptions } from '../../src/app.ts';
import { loadConfig } from '../../src/config/config.ts';
import type { EnvSource } from '../../src/config/env.ts';
import { FakeClock } from './fake-clock.ts';

export interface TestApp extends App {
  readonly url: string;
  readonly clock: FakeClock;
}

export interface TestAppOptions extends Omit<AppOptions, 'config' | 'clock'> {
  /** Environment variables on top of a free port, a database in memory and no log. */
  readonly env?: EnvSource;
}

/** An app of its own for the test, listening on a free port, which is closed when the test ends. */
export async function startApp({ env = {}, ...options }: TestAppOptions = {}): Promise<TestApp> {
  const clock = new FakeClock();
  const quiet = { PORT: '0', DATABASE_URL: 'sqlite::memory:', LOG_LEVEL: 'silent' };
  const app = await createApp({ ...options, clock, config: loadConfig({ ...quiet, ...env }) });
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
