import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { StoreUnavailable } from '../../../src/connections/breaker.ts';
import { openRedis } from '../../../src/connections/redis/connection.ts';
import { type RedisConnection } from '../../../src/connections/redis/index.ts';
import type { Bucket, BucketStore } from '../../../src/rate-limit/store.ts';
import { redisKey } from '../../../src/rate-limit/stores/redis/redis-key.ts';
import { createRedisStore } from '../../../src/rate-limit/stores/redis/store.ts';
import { describeWith } from '../../support/describe-with.ts';
import { createLog } from '../../support/log.ts';
import { startRedis, type TestServer } from '../../support/private-servers.ts';
import { redisAddress } from '../../support/redis-address.ts';
import { bucket, operation, report, take } from './operations.ts';

const strategies = ['FIXED_WINDOW', 'SLIDING_WINDOW', 'SLIDING_LOG', 'TOKEN_BUCKET'] as const;

describeWith('redis-server', 'the Redis store', () => {
  let server: TestServer;
  let redis: RedisConnection;
  /** Looks at what the store leaves in the server. */
  let client: Redis;
  const opened: RedisConnection[] = [];

  const open = async (timeoutMs: number): Promise<RedisConnection> => {
    const url = `redis://127.0.0.1:${server.port}`;
    const connection = await openRedis({
      address: redisAddress(url),
      timeoutMs,
      prefix: 'test',
      log: createLog().log,
    });
    opened.push(connection);
    return connection;
  };

  beforeAll(async () => {
    server = await startRedis();
    client = new Redis(server.port, '127.0.0.1');
    redis = await open(10_000);
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  afterAll(async () => {
    for (const connection of opened) connection.close();
    client.disconnect();
    await server.stop();
  });

  /** An empty store, and what it has in the server. */
  function createTest() {
    const prefix = randomUUID();
    const store = createRedisStore({ redis, prefix });
    const keys = async (): Promise<string[]> =>
      (await client.keys('*'))
        .filter((key) => !key.startsWith('test:probe') && key.includes(prefix))
        .toSorted();
    return { prefix, store, keys };
  }

  const leftIn = async (store: BucketStore, of: Bucket): Promise<number | undefined> =>
    (await store.levels([of]))[0]?.remaining;

  /** How often each command has been run since `act` began, by clients and not by scripts. */
  async function commandsDuring(act: () => Promise<unknown>): Promise<number> {
    const before = await scriptCalls();
    await act();
    return (await scriptCalls()) - before;
  }

  async function scriptCalls(): Promise<number> {
    const stats = await client.info('commandstats');
    const calls = [
      ...stats.matchAll(/^cmdstat_(?:eval|evalsha):calls=(\d+),.*?rejected_calls=\d+,failed_calls=(\d+)/gm),
    ];
    return calls.reduce((sum, [, count, failed]) => sum + Number(count) - Number(failed), 0);
  }

  const of = (strategy: Bucket['strategy'], key = 'a'): Bucket =>
    bucket({ key: `${key}|${strategy}|user:1`, limit: 100, duration: 60, strategy });
  const each = strategies.map((strategy) => of(strategy));

  describe('asks the server', () => {
    it('once for an operation, whatever it charges, and once to give back or to read', async () => {
      const { store } = createTest();
      const everything = operation(
        [each, [take(of('TOKEN_BUCKET'), 200), report(of('SLIDING_LOG'))], []],
        of('FIXED_WINDOW', 'm'),
      );
      expect(await commandsDuring(async () => store.charge(everything))).toBe(1);
      expect(await commandsDuring(async () => store.charge(operation([[of('FIXED_WINDOW')]])))).toBe(1);
      const taken = each.map((one) => ({ bucket: one, cost: 1 }));
      expect(await commandsDuring(async () => store.giveBack(taken, Date.now()))).toBe(1);
      expect(await commandsDuring(async () => store.levels(each))).toBe(1);
    });

    it('not at all where there is nothing to do', async () => {
      const { store } = createTest();
      const calls = await commandsDuring(async () => {
        expect(await store.charge(operation([[], []]))).toMatchObject({
          denied: [undefined, undefined],
          levels: [],
        });
        await store.giveBack([], Date.now());
        expect(await store.levels([])).toEqual([]);
      });
      expect(calls).toBe(0);
    });

    it('for thousands of selections and buckets at once', async () => {
      const { store } = createTest();
      const buckets = Array.from({ length: 5000 }, (_, n) =>
        bucket({ key: `n|${n}|user:1`, strategy: strategies[n % 4] ?? 'FIXED_WINDOW' }),
      );
      const selections = buckets.map((_, index) => ({
        charges: [{ bucket: index, cost: 1 + (index % 3), enforced: index % 2 === 0 }],
      }));
      const decision = await store.charge({ buckets, selections });
      const tooMuch = selections.filter(({ charges }) => (charges[0]?.cost ?? 0) > 2);
      expect(decision.denied.filter((denied) => denied !== undefined)).toHaveLength(
        tooMuch.filter(({ charges }) => charges[0]?.enforced).length,
      );
      expect(decision.reported).toHaveLength(
        tooMuch.filter(({ charges }) => charges[0]?.enforced === false).length,
      );
      expect(decision.levels.map(({ remaining }) => remaining)).toEqual(
        buckets.map((_, n) => [1, 0, 2][n % 3]),
      );
    });

    it('again if it has forgotten the script, and then charges once', async () => {
      const { store } = createTest();
      const [one] = each;
      await store.charge(operation([each]));
      await client.script('FLUSH');
      await store.charge(operation([each]));
      await client.script('FLUSH');
      await store.charge(operation([[one ?? bucket()]]));
      expect((await store.levels(each)).map(({ remaining }) => remaining)).toEqual([97, 98, 98, 98]);
    });
  });

  describe('keeps in the server', () => {
    it('keys that begin with the prefix, share the hash tag of their caller, and expire', async () => {
      const { prefix, store, keys } = createTest();
      const { takenAt } = await store.charge(
        operation([each, [take(of('TOKEN_BUCKET', 'b'), 7), of('FIXED_WINDOW')]]),
      );
      await store.giveBack(
        [
          { bucket: of('SLIDING_LOG'), cost: 1 },
          { bucket: of('TOKEN_BUCKET', 'b'), cost: 2 },
        ],
        takenAt,
      );
      const kept = await keys();
      expect(kept).toHaveLength(4);
      for (const key of kept) {
        expect(key).toMatch(new RegExp(`^${prefix}:\\{user:1\\}:`));
        const ttl = await client.pttl(key);
        expect(ttl).toBeGreaterThan(0);
        expect(ttl).toBeLessThanOrEqual(120_000);
      }
    });

    it('nothing of buckets that are not in use', async () => {
      const { store, keys } = createTest();
      await store.charge(operation([[take(of('FIXED_WINDOW'), 101)], [report(of('SLIDING_LOG'), 101)]]));
      await store.levels(each);
      expect(await keys()).toEqual([]);
      const { takenAt } = await store.charge(operation([each]));
      await store.giveBack(
        each.map((one) => ({ bucket: one, cost: 1 })),
        takenAt,
      );
      expect(await keys()).toEqual([]);
    });

    it('nothing when the time of the buckets is over', async () => {
      const { store, keys } = createTest();
      const short = each.map((one) => ({ ...one, rule: { limit: 5, duration: 20 } }));
      await store.charge(operation([short]));
      await vi.waitFor(async () => {
        expect(await keys()).toEqual([]);
      });
    });
  });

  it.each(strategies)('goes by the time of the server, by %s', async (strategy) => {
    const { store } = createTest();
    const full = { ...of(strategy), rule: { limit: 1, duration: 600_000 } };
    const first = await store.charge(operation([[full]]));
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
    const second = await store.charge(operation([[full]]));
    expect(second.denied[0]?.retryAfter).toBeGreaterThan(0);
    expect(second.takenAt - first.takenAt).toBeLessThan(60_000);
  });

  it('publishes by their keys the buckets that it has given back to', async () => {
    const { prefix, store } = createTest();
    const subscriber = redis.openSubscriber();
    const messages: string[] = [];
    subscriber.on('message', (_channel: string, key: string) => messages.push(key));
    await subscriber.subscribe(`${prefix}:given-back`);
    const [log, window] = [of('SLIDING_LOG'), of('FIXED_WINDOW')];
    const { takenAt } = await store.charge(operation([[log, take(window, 3)]]));
    const unused = of('SLIDING_WINDOW');
    await store.giveBack(
      [unused, window, log, window].map((one) => ({ bucket: one, cost: 1 })),
      takenAt,
    );
    await store.giveBack([{ bucket: log, cost: 1 }], takenAt);
    await client.publish(`${prefix}:given-back`, 'the end');
    await vi.waitFor(() => {
      expect(messages).toEqual([window.key, log.key, 'the end']);
    });
    subscriber.disconnect();
  });

  it('rejects where another program has the key, and goes on with the others', async () => {
    const { prefix, store } = createTest();
    await client.rpush(redisKey(prefix, of('FIXED_WINDOW').key), 'something');
    await expect(store.charge(operation([[of('FIXED_WINDOW')]]))).rejects.toThrow('WRONGTYPE');
    await expect(store.charge(operation([each]))).rejects.toThrow('WRONGTYPE');
    expect(redis.breaker.isOpen).toBe(false);
    expect(await leftIn(store, of('TOKEN_BUCKET'))).toBe(100);
  });

  it.each(strategies)('admits 100 of 1000 that race over four connections, by %s', async (strategy) => {
    const prefix = randomUUID();
    const connections = await Promise.all([1, 2, 3, 4].map(() => open(10_000)));
    const stores = connections.map((connection) => createRedisStore({ redis: connection, prefix }));
    // So long that nothing flows back meanwhile.
    const race = bucket({ key: 'race', limit: 100, duration: 86_400, strategy });
    const attempts = Array.from({ length: 1000 }, async (_, n) => stores[n % 4]?.charge(operation([[race]])));
    const decisions = await Promise.all(attempts);
    expect(decisions.filter((decision) => decision?.denied[0] === undefined)).toHaveLength(100);
  });

  it('does not take twice what it was not answered about in time', async () => {
    const prefix = randomUUID();
    const impatient = createRedisStore({ redis: await open(50), prefix });
    const patient = createRedisStore({ redis, prefix });
    const daily = bucket({ key: 'daily', limit: 10, duration: 86_400 });
    await impatient.charge(operation([[daily]]));
    server.pause();
    await expect(impatient.charge(operation([[daily]]))).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(impatient.charge(operation([[daily]]))).rejects.toBeInstanceOf(StoreUnavailable);
    server.resume();
    await vi.waitFor(async () => {
      expect(await leftIn(patient, daily)).toBe(8);
      // Whatever is still to come of the first has come when the breaker has closed.
      expect(await leftIn(impatient, daily)).toBe(8);
    }, 5000);
  });
});
