import { expect } from 'vitest';
import type { TestServer } from '../../support/private-servers.ts';
import { longestOf, type Sample, startLoad } from './load.ts';
import { levelsOf, startOutageApp, tightLimit, until, watchProcess } from './outage-app.ts';

/** How a server goes away. */
export type End = 'kill' | 'pause';

/** More than the default, which a busy machine may need even for a server that works. */
const timeoutMs = 200;
/** What a busy machine may add, besides twice what it has added before. */
const slackMs = 400;
const queries = ['{ dear }', '{ both }', '{ tight }', '{ dear open }'];

/** Something that goes wrong with one store and is over again. */
export interface Outage {
  readonly begin: () => unknown;
  readonly end: () => unknown;
}

/** The outage of a server. */
export function outageOf(server: TestServer, end: End): Outage {
  return { begin: () => server[end](), end: () => comeBack(server, end) };
}

/** Lets a server come back. */
export async function comeBack(server: TestServer, end: End): Promise<void> {
  if (end === 'kill') await server.restart();
  else server.resume();
}

/** Lets an outage begin and end while twenty clients ask, who are not to notice. */
export async function expectUnnoticed(outage: Outage, env: Readonly<Record<string, string>>): Promise<void> {
  const complaints = watchProcess();
  const app = await startOutageApp({ ...env, STORE_TIMEOUT: String(timeoutMs) });
  const load = startLoad(app.url, queries);
  await load.more(200);
  const downAt = performance.now();
  await outage.begin();
  await until(() => levelsOf(app).length === 1);
  await load.more(200);
  await outage.end();
  const recoveredIn = await until(() => levelsOf(app).length === 2);
  await load.more(100);
  const samples = await load.stop();

  expectRightAnswers(samples);
  const usual = longestOf(samples.filter(({ ended }) => ended < downAt));
  const longest = longestOf(samples.filter(({ ended }) => ended >= downAt));
  expect(longest).toBeLessThan(timeoutMs + slackMs + 2 * usual);
  expect(recoveredIn).toBeLessThan(2000);
  expect(levelsOf(app)).toEqual([50, 30]);
  expect(complaints).toEqual([]);
}

/** The limit may have been used up three times: before, without the store, and in a store that came back empty. */
function expectRightAnswers(samples: readonly Sample[]): void {
  const [tight, others] = [true, false].map((is) =>
    samples.filter(({ query }) => (query === '{ tight }') === is),
  );
  expect(new Set(others?.map(({ status }) => status))).toEqual(new Set([200]));
  expect(others?.flatMap((sample) => sample.codes)).toEqual([]);
  const denied = tight?.filter(({ status }) => status !== 200) ?? [];
  expect(new Set(denied.map((sample) => `${sample.status} ${sample.codes.join()}`))).toEqual(
    new Set(['429 RATE_LIMITED']),
  );
  const allowed = (tight?.length ?? 0) - denied.length;
  expect(allowed).toBeGreaterThanOrEqual(2 * tightLimit);
  expect(allowed).toBeLessThanOrEqual(3 * tightLimit);
}
