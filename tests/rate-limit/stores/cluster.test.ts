import { randomUUID } from 'node:crypto';
import slotOf from 'cluster-key-slot';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRedis } from '../../../src/connections/redis/connection.ts';
import { type RedisConnection } from '../../../src/connections/redis/index.ts';
import type { BucketStore } from '../../../src/rate-limit/store.ts';
import { redisKey } from '../../../src/rate-limit/stores/redis/redis-key.ts';
import { createSplitStore } from '../../../src/rate-limit/stores/redis/split/index.ts';
import { createRedisStore } from '../../../src/rate-limit/stores/redis/store.ts';
import type { Clock } from '../../../src/util/clock.ts';
import { describeWith } from '../../support/describe-with.ts';
import { redisAddress } from '../../support/redis-address.ts';
import { type RedisCluster, startRedisCluster } from '../../support/redis-cluster.ts';
import { describeStore } from '../store.contract.ts';
import { bucket, operation, take } from './operations.ts';

const identities = [
  'ip:192.0.2.1',
  'ip:192.0.2.2',
  'ip:192.0.2.3',
  'ip:192.0.2.4',
  'all',
  'user:7',
  'user:8',
];
const serverOf = (key: string): number => Math.floor((slotOf(redisKey('', key)) * 3) / 16_384);

/** A bucket on each of the servers. */
const [a, b, c] = [0, 1, 2].map((server) => {
  const keys = identities.map((identity) => `Query.products|F60|${identity}`);
  return bucket({ key: keys.find((key) => serverOf(key) === server) ?? '', limit: 100 });
}) as [ReturnType<typeof bucket>, ReturnType<typeof bucket>, ReturnType<typeof bucket>];

describeWith('redis-server', 'the Redis store on a cluster', () => {
  let cluster: RedisCluster;
  let redis: RedisConnection;

  beforeAll(async () => {
    cluster = await startRedisCluster();
    redis = await openRedis({
      address: redisAddress(cluster.url),
      timeoutMs: 5000,
      prefix: 'test',
      log: pino({ level: 'silent' }),
    });
  });

  afterAll(async () => {
    redis.close();
    await cluster.stop();
  });

  /** A store of its own, with nothing in it. */
  const open = (clock?: Clock): BucketStore => {
    const prefix = randomUUID();
    return createSplitStore({
      shardOf: (key) => slotOf(redisKey(prefix, key)),
      store: createRedisStore({ redis, prefix, ...(clock && { clock }) }),
    });
  };

  /** How many scripts each server has been asked to run while something is done. */
  const scriptsDuring = async (action: () => Promise<unknown>): Promise<number[]> => {
    await Promise.all(cluster.nodes.map((node) => node.config('RESETSTAT')));
    await action();
    return await Promise.all(
      cluster.nodes.map(async (node) => {
        const calls = (await node.info('commandstats')).matchAll(/cmdstat_eval(?:sha)?:calls=(\d+)/g);
        return [...calls].reduce((sum, [, count]) => sum + Number(count), 0);
      }),
    );
  };

  describeStore((clock) => open(clock));

  it('takes from three servers for one operation, with one command for each', async () => {
    const store = open();
    await store.charge(operation([[a, b, c]]));
    const scripts = await scriptsDuring(async () => store.charge(operation([[a, b], [c, a], [take(b, 2)]])));
    expect(scripts).toEqual([1, 1, 1]);
    expect((await store.levels([a, b, c])).map(({ remaining }) => remaining)).toEqual([97, 96, 98]);
  });

  it('asks one server only where all buckets are one caller’s', async () => {
    const store = open();
    const caller = [a, { ...a, key: a.key.replace('products', 'product') }];
    await store.charge(operation([caller]));
    expect(await scriptsDuring(async () => store.charge(operation([caller])))).toEqual([1, 0, 0]);
  });

  it('lets through 100 of 1000 that come at once, and takes no more from the other slot', async () => {
    const store = open();
    const wide = { ...b, rule: { ...b.rule, limit: 1000 } };
    const decisions = await Promise.all(
      Array.from({ length: 1000 }, async () => store.charge(operation([[a, wide]]))),
    );
    expect(decisions.filter(({ denied }) => denied[0] === undefined)).toHaveLength(100);
    expect((await store.levels([a, wide])).map(({ remaining }) => remaining)).toEqual([0, 900]);
  });

  it('gives back on each server what was taken there', async () => {
    const store = open();
    const charges = operation([[a, b, c].map((of) => ({ ...of, strategy: 'SLIDING_LOG' as const }))]);
    const { takenAt } = await store.charge(charges);
    await store.giveBack(
      charges.buckets.map((of) => ({ bucket: of, cost: 1 })),
      takenAt,
    );
    expect((await store.levels(charges.buckets)).map(({ remaining }) => remaining)).toEqual([100, 100, 100]);
  });

  it('charges once on servers that have forgotten the scripts', async () => {
    const store = open();
    await store.charge(operation([[a, b, c]]));
    await Promise.all(cluster.nodes.map((node) => node.script('FLUSH')));
    await store.charge(operation([[a, b, c]]));
    expect((await store.levels([a, b, c])).map(({ remaining }) => remaining)).toEqual([98, 98, 98]);
  });
});
