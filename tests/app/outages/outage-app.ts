import { onTestFinished, vi } from 'vitest';
import type { Application } from '../../../src/app/application.ts';
import type { EnvSource } from '../../../src/config/env.ts';
import { systemClock } from '../../../src/util/clock.ts';
import { startApp } from '../../support/app.ts';
import { ask } from '../../support/client.ts';
import type { AllTables } from '../../support/database.ts';
import { left } from '../../support/fixtures/limited-fields.ts';
import { createLog, type LogLine } from '../../support/log.ts';

/** How often `tight` may be asked for. */
export const tightLimit = 5;
/** How often `dear` and `both` may be asked for: more often than any test does. */
export const dearLimit = 100_000;

const typeDefs = `
  type Query {
    dear: Int @rateLimit(limit: ${dearLimit}, duration: 600)
    tight: Int @rateLimit(limit: ${tightLimit}, duration: 600)
    both: Int @rateLimit(limit: ${dearLimit}, duration: 600) @cacheControl(maxAge: 60)
    open: String @cacheControl(maxAge: 60)
    free: Int
    left(of: String!): Int
  }
  type Mutation {
    write(text: String!): String @invalidates(fields: ["Query.open"])
  }
`;

/** What `open` resolves to and `write` changes, in all apps that are given it. */
export interface Shared {
  text: string;
}

export interface OutageApp {
  readonly url: string;
  /** What has been logged, from level info. */
  readonly lines: readonly LogLine[];
  /** How long it took to start, in milliseconds. */
  readonly startedIn: number;
}

/** An app of limited and kept fields, by the system's clock and with the stores of `env`, which ends with the test. */
export async function startOutageApp(env: EnvSource, shared: Shared = { text: 'first' }): Promise<OutageApp> {
  const write = (_: unknown, { text }: { text: string }): string => (shared.text = text);
  const Query = {
    dear: () => 1,
    tight: () => 2,
    both: () => 3,
    open: () => shared.text,
    free: () => 4,
    left,
  };
  return await startLogging(env, { typeDefs, resolvers: { Query, Mutation: { write } } });
}

/** The shop, otherwise the same. */
export async function startShopApp(env: EnvSource): Promise<OutageApp> {
  return await startLogging(env);
}

async function startLogging(env: EnvSource, application?: Application<AllTables>): Promise<OutageApp> {
  const { log, lines } = createLog();
  const begun = performance.now();
  const prefix = `outage-${++apps}`;
  const { url } = await startApp({
    ...application,
    clock: systemClock,
    log,
    env: { STORE_PREFIX: prefix, ...env },
  });
  return { url, lines, startedIn: performance.now() - begun };
}

let apps = 0;

/** The levels of what an app has logged of its stores: 50 for each that it goes on without, 30 for each that works again. */
export function levelsOf({ lines }: Pick<OutageApp, 'lines'>): number[] {
  return lines.map(({ level }) => level);
}

/** Resolves as soon as a condition holds, in milliseconds; rejects after so many of them. */
export async function until(condition: () => unknown, timeout = 4000): Promise<number> {
  const begun = performance.now();
  await vi.waitFor(
    async () => {
      if (!(await condition())) throw new Error(`Still not so: ${condition.toString()}`);
    },
    { timeout, interval: 10 },
  );
  return performance.now() - begun;
}

/** Writes down what the process complains of until the test ends: nobody may have been left to handle an error. */
export function watchProcess(): readonly unknown[] {
  const complaints: unknown[] = [];
  const note = (complaint: unknown): void => void complaints.push(complaint);
  for (const event of ['unhandledRejection', 'uncaughtExceptionMonitor', 'warning']) {
    process.on(event, note);
    onTestFinished(() => void process.off(event, note));
  }
  return complaints;
}

/** Asks, and says whether the answer had been kept. */
export async function isHit({ url }: Pick<OutageApp, 'url'>, query: string): Promise<boolean> {
  const { headers } = await ask(url, query);
  return headers.get('cache-status')?.startsWith('sluice; hit') === true;
}
