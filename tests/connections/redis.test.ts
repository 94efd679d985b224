import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { isOutage } from '../../src/connections/redis/connection.ts';
import { openRedis } from '../../src/connections/redis/connection.ts';
import { makeScript, type RedisConnection } from '../../src/connections/redis/index.ts';
import { describeWith } from '../support/describe-with.ts';
import { createLog } from '../support/log.ts';
import { startRedis, type TestServer } from '../support/private-servers.ts';
import { redisAddress } from '../support/redis-address.ts';
import { openWay } from '../support/way.ts';

const increment = makeScript(`return redis.call('INCR', KEYS[1])`);

describeWith('redis-server', 'a connection to Redis', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());

  async function open(port: number, timeoutMs = 1000, { log, lines } = createLog()) {
    const address = redisAddress(`redis://127.0.0.1:${port}`);
    const redis = await openRedis({ address, timeoutMs, prefix: 'test', log });
    onTestFinished(() => {
      redis.close();
    });
    return { redis, lines };
  }

  const count = (redis: RedisConnection, key: string): Promise<unknown> => redis.run(increment, [key], []);

  it('runs a script that the server does not know, once', async () => {
    const { redis } = await open(server.port);
    expect(await count(redis, 'once')).toBe(1);
    expect(await count(redis, 'once')).toBe(2);
  });

  it('counts as one round trip what is asked for in one go', async () => {
    const { redis } = await open(server.port);
    await count(redis, 'trips');
    const before = redis.roundTrips;
    await Promise.all([count(redis, 'trips'), count(redis, 'trips')]);
    expect(redis.roundTrips - before).toBe(1);
    await count(redis, 'trips');
    expect(redis.roundTrips - before).toBe(2);
  });

  it('does not take a busy process for a server that does not answer', async () => {
    const { redis, lines } = await open(server.port, 50);
    await count(redis, 'busy');
    const before = Number(await count(redis, 'busy'));
    const counted = count(redis, 'busy');
    const end = performance.now() + 100;
    while (performance.now() < end);
    expect(await counted).toBe(before + 1);
    expect(lines).toEqual([]);
  });

  it('gives up a connection that has fallen silent, and makes another', async () => {
    const way = await openWay(server.port);
    const { redis, lines } = await open(way.port, 100);
    await count(redis, 'silent');
    way.blockOpen();
    await expect(count(redis, 'silent')).rejects.toThrow('No answer within 100 ms.');
    await vi.waitFor(
      async () => {
        expect(await count(redis, 'silent')).toBeGreaterThan(1);
      },
      { timeout: 5000, interval: 20 },
    );
    expect(lines.map(({ level }) => level)).toEqual([50, 30]);
  });

  it('says how to address a cluster where it finds one', async () => {
    const node = await startRedis('--cluster-enabled', 'yes', '--cluster-port', '0');
    const told = createLog();
    await expect(open(node.port, 1000, told)).rejects.toThrow(
      `redis://127.0.0.1:${node.port} is a node of a Redis Cluster. Add "?cluster" to its URL, or name several nodes.`,
    );
    // By the time that it has gone, its connections have been closed.
    await node.stop();
    expect(told.lines).toEqual([]);
  });
});

describe('an error of Redis', () => {
  it.each([
    'READONLY You can’t write against a read only replica.',
    'OOM command not allowed when used memory > maxmemory. script: 1, on @user_script:1.',
    'ERR Error running script (call to f_1): @user_script:1: -READONLY You can’t write against a read only replica.',
    'LOADING Redis is loading the dataset in memory',
    'NOAUTH Authentication required.',
    'Connection is closed.',
  ])('is an outage: %s', (message) => {
    expect(isOutage(new Error(message))).toBe(true);
  });

  it.each([
    'WRONGTYPE Operation against a key holding the wrong kind of value',
    'ERR user_script:3: attempt to index a nil value',
    'NOPERM this user has no permissions to run the ‘publish’ command',
    'CROSSSLOT Keys in request don’t hash to the same slot',
  ])('says nothing of the server: %s', (message) => {
    expect(isOutage(new Error(message))).toBe(false);
  });
});
