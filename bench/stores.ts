/**
 * How many operations a second each store of buckets admits, and how long one takes of a hundred (p99), with a hundred
 * under way at a time from a thousand callers; beside the Redis limiter of rate-limiter-flexible. Starts servers of its
 * own, from the binaries on the PATH.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isInstalled, startMemcached, startRedis } from '../tests/support/private-servers.ts';
import { median } from './measure.ts';
import { type Contender, openOurs, openTheirs } from './stores-contenders.ts';

const rounds = 5;
const operations = 20_000;
const atOnce = 100;
const callers = 1000;

interface Measured {
  /** Operations. */
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p99: number;
}

async function measure(contender: Contender): Promise<Measured> {
  const took = new Float64Array(operations);
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < operations) {
      const n = next++;
      const started = performance.now();
      await contender.admit(n % callers);
      took[n] = performance.now() - started;
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: atOnce }, client));
  const seconds = (performance.now() - started) / 1000;
  return { perSecond: operations / seconds, p99: took.toSorted()[Math.floor(operations * 0.99)] ?? NaN };
}

function print(name: string, measured: readonly Measured[]): void {
  const perSecond = median(measured.map((one) => one.perSecond)).toLocaleString('en', {
    maximumFractionDigits: 0,
  });
  const p99 = median(measured.map((one) => one.p99)).toFixed(3);
  console.log(name.padEnd(40) + perSecond.padStart(14) + p99.padStart(12));
}

const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
const stops: (() => unknown)[] = [
  () => {
    rmSync(folder, { recursive: true });
  },
];
const contenders: Contender[] = [
  await openOurs('memory', 'memory'),
  await openOurs('SQLite file', `sqlite:${join(folder, 'limits.db')}`),
];
try {
  if (isInstalled('redis-server')) {
    const server = await startRedis();
    stops.push(() => server.stop());
    contenders.push(
      await openOurs('Redis', `redis://127.0.0.1:${server.port}`),
      await openTheirs(server.port),
    );
  } else console.log('There is no redis-server on the PATH: its stores are left out.');
  if (isInstalled('memcached')) {
    const server = await startMemcached();
    stops.push(() => server.stop());
    contenders.push(await openOurs('Memcached', `memcached://127.0.0.1:${server.port}`));
  } else console.log('There is no memcached on the PATH: its store is left out.');

  const results = contenders.map((): Measured[] => []);
  // In turn, so that what else the machine does hits all of them; the first round only warms up.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, contender] of contenders.entries()) {
      const measured = await measure(contender);
      if (round > 0) results[index]?.push(measured);
    }
  }
  console.log(' '.repeat(40) + 'admissions/s'.padStart(14) + 'p99 ms'.padStart(12));
  for (const [index, { name }] of contenders.entries()) print(name, results[index] ?? []);
} finally {
  for (const contender of contenders) await contender.close();
  for (const stop of stops.toReversed()) await stop();
}
