import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { openRedis } from '../../src/connections/redis/connection.ts';
import {
  makeScript,
  openSubscription,
  type RedisConnection,
  type Subscription,
} from '../../src/connections/redis/index.ts';
import { describeWith } from '../support/describe-with.ts';
import { createLog } from '../support/log.ts';
import { startRedis, type TestServer } from '../support/private-servers.ts';
import { redisAddress } from '../support/redis-address.ts';
import { openWay } from '../support/way.ts';

describeWith('redis-server', 'a subscription', () => {
  let server: TestServer;
  let admin: Redis;
  let redis: RedisConnection;
  let subscription: Subscription;
  let events: string[];
  let waiting: (() => void)[];

  beforeAll(async () => {
    server = await startRedis();
    admin = new Redis(server.port, '127.0.0.1');
  });
  afterAll(async () => {
    admin.disconnect();
    await server.stop();
  });

  const note = (event: string): void => {
    events.push(event);
    for (const resolve of waiting.splice(0)) resolve();
  };
  /** Resolves when so many things have happened. */
  const happened = async (count: number): Promise<string[]> => {
    while (events.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
    return events;
  };

  const open = async (url: string): Promise<void> => {
    [events, waiting] = [[], []];
    redis = await openRedis({
      address: redisAddress(url),
      timeoutMs: 1000,
      prefix: 'test',
      log: createLog().log,
    });
    subscription = openSubscription({
      redis,
      channels: ['one', 'two'],
      onMessage: (channel, text) => {
        note(`${channel}: ${text}`);
      },
      onSubscribed: () => {
        note('subscribed');
      },
      onLost: () => {
        note('lost');
      },
    });
  };
  const close = (): void => {
    subscription.close();
    redis.close();
  };
  beforeEach(() => open(`redis://127.0.0.1:${server.port}`));
  afterEach(close);

  it('gives messages of all its channels, in order, also its own', async () => {
    expect(subscription.isSubscribed).toBe(false);
    await happened(1);
    expect(subscription.isSubscribed).toBe(true);
    await admin.publish('one', 'a');
    await admin.publish('three', 'b');
    await admin.publish('two', 'c');
    subscription.publish('one', 'd');
    expect(await happened(4)).toEqual(['subscribed', 'one: a', 'two: c', 'one: d']);
  });

  it('has delivered, when a ping is answered, what was published before', async () => {
    await happened(1);
    for (let n = 0; n < 100; n += 1) {
      await admin.publish('one', String(n));
      await subscription.ping();
      expect(events.at(-1)).toBe(`one: ${n}`);
    }
  });

  it('says when it is lost, and when it is back', async () => {
    await happened(1);
    await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await happened(2);
    expect(subscription.isSubscribed).toBe(false);
    await expect(subscription.ping()).rejects.toThrow();
    subscription.publish('one', 'nobody hears this');
    expect(await happened(3)).toEqual(['subscribed', 'lost', 'subscribed']);
    await admin.publish('two', 'a');
    expect((await happened(4)).at(-1)).toBe('two: a');
  });

  it('finds another connection where nothing comes back on this one, though it is not broken', async () => {
    close();
    const way = await openWay(server.port);
    await open(`redis://127.0.0.1:${way.port}`);
    await happened(1);
    way.block('old');
    const begun = performance.now();
    await expect(subscription.ping()).rejects.toThrow();
    expect(await happened(3)).toEqual(['subscribed', 'lost', 'subscribed']);
    expect(performance.now() - begun).toBeLessThan(2000);
    await subscription.ping();
  });

  it('subscribes as soon as it may, where at first it may not', async () => {
    close();
    await admin.call('ACL', 'SETUSER', 'app', 'on', '>secret', '~*', '+@all', 'resetchannels');
    await open(`redis://app:secret@127.0.0.1:${server.port}`);
    // What is asked for later is answered later.
    await subscription.run(makeScript('return 1'), [], []);
    expect(subscription.isSubscribed).toBe(false);
    await expect(subscription.ping()).rejects.toThrow();
    await admin.call('ACL', 'SETUSER', 'app', 'allchannels');
    expect(await happened(1)).toEqual(['subscribed']);
    await subscription.ping();
  });

  it('runs scripts, also while the breaker is open', async () => {
    await happened(1);
    redis.breaker.trip(new Error('A test says so.'));
    expect(await subscription.run(makeScript('return {KEYS[1], ARGV[1]}'), ['key'], [1])).toEqual([
      'key',
      '1',
    ]);
  });

  it('says nothing any more after it was closed', async () => {
    await happened(1);
    subscription.close();
    expect(subscription.isSubscribed).toBe(false);
    await expect(subscription.ping()).rejects.toThrow();
    await vi.waitFor(async () => {
      expect(await admin.pubsub('NUMSUB', 'one')).toEqual(['one', 0]);
    });
    expect(events).toEqual(['subscribed']);
  });
});
