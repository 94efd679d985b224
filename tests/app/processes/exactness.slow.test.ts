import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { aliased, ask } from '../../support/client.ts';
import { describeWith } from '../../support/describe-with.ts';
import { isInstalled, startMemcached, startRedis, type TestServer } from '../../support/private-servers.ts';
import { crowd, outcomeOf } from './crowd.ts';
import { type Fleet, startFleet } from './fleet.ts';

const data = '200 data';
const denied = '429 RATE_LIMITED';
const countedOtherwise = 'Memcached counts these policies as FIXED_WINDOW; other stores count as declared';

/** Long, because this is about who is admitted, and the machine may be busy with other tests. */
const common = { DATABASE_URL: 'sqlite::memory:', STORE_TIMEOUT: '10000' };
const folder = mkdtempSync(join(tmpdir(), 'sluice-'));
const servers: { redis?: TestServer; memcached?: TestServer } = {};
/** The stores in the order of the apps of each process. */
const stores: string[] = ['SQLite'];
let fleet: Fleet;

beforeAll(async () => {
  const locations = [`sqlite:${join(folder, 'buckets.db')}`];
  if (isInstalled('redis-server')) {
    servers.redis = await startRedis();
    locations.push(`redis://127.0.0.1:${servers.redis.port}`);
    stores.push('Redis');
  }
  if (isInstalled('memcached')) {
    servers.memcached = await startMemcached();
    locations.push(`memcached://127.0.0.1:${servers.memcached.port}`);
    stores.push('Memcached');
  }
  const environments = locations.map((location) => ({ ...common, RATE_LIMIT_STORE: location }));
  fleet = await startFleet(4, { schema: 'limited', environments });
});

afterAll(async () => {
  const complaints = await fleet.stop();
  await servers.redis?.stop();
  await servers.memcached?.stop();
  rmSync(folder, { recursive: true });
  expect(complaints).toEqual(servers.memcached === undefined ? [] : Array(4).fill(countedOtherwise));
});

/** The app of each process that keeps its buckets there. */
function urlsOn(store: string): string[] {
  return fleet.urls.map((urls) => urls[stores.indexOf(store)] ?? '');
}

async function leftIn(url: string, policy: string): Promise<unknown> {
  return (await ask(url, `{ left(of: "${policy}") }`)).body.data?.['left'];
}

function behaves(store: string, fields: readonly string[]): void {
  it.each(fields)('admits exactly 100 of 1000 requests for a limit of 100: %s', async (field) => {
    expect(await crowd(urlsOn(store), 250, `{ ${field} }`)).toEqual({ [data]: 100, [denied]: 900 });
  });

  it('admits as many as fit where one costs three, and never more', async () => {
    const query = '{ many(first: 3) }';
    expect(await crowd(urlsOn(store), 60, query)).toEqual({ [data]: 33, [denied]: 207 });
    expect(await crowd(urlsOn(store), 1, '{ many(first: 1) }')).toEqual({ [data]: 1, [denied]: 3 });
  });

  it('has lost nothing once 1000 successes are given back', async () => {
    const ten = `{ ${aliased(10, 'forgiving')} }`;
    for (let batch = 0; batch < 25; batch += 1) {
      expect(await crowd(urlsOn(store), 1, ten)).toEqual({ [data]: 4 });
    }
    for (const url of urlsOn(store)) {
      await vi.waitFor(async () => {
        expect(await leftIn(url, 'Query.forgiving')).toBe(100);
      });
    }
  });
}

/** Sends requests for two fields that share a bucket of 150 besides their own of 100. */
async function askForBoth(store: string): Promise<{ one: number; other: number }> {
  const counts = await Promise.all(['one', 'other'].map((field) => crowd(urlsOn(store), 60, `{ ${field} }`)));
  const [one, other] = counts.map((outcomes) => {
    const { [data]: admitted = 0, [denied]: refused = 0, ...unexpected } = outcomes;
    expect([admitted + refused, unexpected]).toEqual([240, {}]);
    return admitted;
  });
  return { one: one ?? 0, other: other ?? 0 };
}

function takesFromBoth(store: string): void {
  it('admits exactly what fits in a bucket of its own and one that two fields share', async () => {
    const { one, other } = await askForBoth(store);
    expect(one + other).toBe(150);
    expect(Math.max(one, other)).toBeLessThanOrEqual(100);
    const [url = ''] = urlsOn(store);
    expect(await leftIn(url, 'one')).toBe(100 - one);
    expect(await leftIn(url, 'other')).toBe(100 - other);
    expect(await leftIn(url, 'both')).toBe(0);
  });
}

const strategies = ['fixedWindow', 'slidingWindow', 'slidingLog', 'tokenBucket'];

describe('four processes that keep their buckets in a SQLite file', () => {
  behaves('SQLite', strategies);
  takesFromBoth('SQLite');
});

describeWith('redis-server', 'four processes that keep their buckets in Redis', () => {
  behaves('Redis', strategies);
  takesFromBoth('Redis');

  it('know what another has used up, and within a second that somebody has deleted the bucket', async () => {
    const [one = '', other = ''] = urlsOn('Redis');
    expect(await crowd([one], 6, '{ scarce }')).toEqual({ [data]: 5, [denied]: 1 });
    expect(await crowd([one, other], 3, '{ scarce }')).toEqual({ [denied]: 6 });
    await using redis = connect(servers.redis?.port ?? 0);
    expect(await redis.client.del('sluice:{ip:127.0.0.1}:scarce|F3600')).toBe(1);
    for (const url of [one, other]) {
      const isAdmitted = async () => {
        expect(await outcomeOf(url, '{ scarce }')).toBe(data);
      };
      await vi.waitFor(isAdmitted, { timeout: 1000, interval: 20 });
    }
  });
});

describeWith('memcached', 'four processes that keep their buckets in Memcached', () => {
  behaves('Memcached', ['fixedWindow', 'slidingWindow']);

  it('admit no more than fits in two buckets, and what was held up by a crowd afterwards', async () => {
    const { one, other } = await askForBoth('Memcached');
    expect(one + other).toBeLessThanOrEqual(150);
    expect(Math.max(one, other)).toBeLessThanOrEqual(100);
    const [url = ''] = urlsOn('Memcached');
    const admitted = { one, other };
    for (const field of ['one', 'other'] as const) {
      while ((await outcomeOf(url, `{ ${field} }`)) === data) admitted[field] += 1;
    }
    expect(admitted.one + admitted.other).toBe(150);
    expect(await leftIn(url, 'both')).toBe(0);
    expect(await leftIn(url, 'one')).toBe(100 - admitted.one);
  });
});

/** A connection such as an administrator has. */
function connect(port: number): AsyncDisposable & { readonly client: Redis } {
  const client = new Redis(port, '127.0.0.1');
  return {
    client,
    [Symbol.asyncDispose]: async () => {
      await client.quit();
    },
  };
}
