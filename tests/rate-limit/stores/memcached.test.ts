import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { StoreUnavailable } from '../../../src/connections/breaker.ts';
import { openMemcached } from '../../../src/connections/memcached/index.ts';
import { createMemcachedStore } from '../../../src/rate-limit/stores/memcached/index.ts';
import { describeWith } from '../../support/describe-with.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { createLog } from '../../support/log.ts';
import { startMemcached, type TestServer } from '../../support/private-servers.ts';
import { describeStore } from '../store.contract.ts';
import { bucket, operation, take } from './operations.ts';

const host = '127.0.0.1';

describeWith('memcached', 'the Memcached store', () => {
  let server: TestServer;
  let prefixes = 0;

  beforeAll(async () => {
    server = await startMemcached();
  });
  afterAll(async () => {
    await server.stop();
  });

  const newPrefix = (): string => `test${(prefixes += 1)}`;

  async function connectTo(ports: readonly number[], prefix = newPrefix(), timeoutMs = 2000) {
    const { log, lines } = createLog();
    const servers = ports.map((port) => ({ host, port }));
    const memcached = await openMemcached({ servers, timeoutMs, log });
    onTestFinished(() => {
      memcached.close();
    });
    const clock = new FakeClock();
    const store = createMemcachedStore({ memcached, prefix, clock });
    const left = async (...of: Parameters<typeof store.levels>[0]): Promise<number[]> =>
      (await store.levels(of)).map(({ remaining }) => remaining);
    return { memcached, store, clock, lines, left };
  }

  /** What the server keeps under a key. */
  async function raw(key: string) {
    const { memcached } = await connectTo([server.port]);
    return { server: memcached.serverOf(key), found: await memcached.serverOf(key).gets(key) };
  }

  describe('as every store', () => {
    let shared: Awaited<ReturnType<typeof openMemcached>>;
    beforeAll(async () => {
      shared = await openMemcached({
        servers: [{ host, port: server.port }],
        timeoutMs: 2000,
        log: createLog().log,
      });
    });
    afterAll(() => {
      shared.close();
    });
    describeStore(
      (clock) => createMemcachedStore({ memcached: shared, prefix: newPrefix(), clock }),
      ['FIXED_WINDOW'],
    );
  });

  it('admits 100 of 1000 charges that come at once over 4 connections', async () => {
    const stores = await Promise.all([1, 2, 3, 4].map(() => connectTo([server.port], 'crowded')));
    const of = bucket({ limit: 100 });
    const charges = Array.from({ length: 1000 }, async (_, n) =>
      stores[n % 4]?.store.charge(operation([[of]])),
    );
    const decisions = await Promise.all(charges);
    expect(decisions.filter((decision) => decision?.denied[0] === undefined)).toHaveLength(100);
    expect(await stores[0]?.left(of)).toEqual([0]);
  });

  it('admits exactly as many while others of the same buckets are denied by another one', async () => {
    const { store, left } = await connectTo([server.port]);
    const [wide, never] = [bucket({ key: 'wide', limit: 1000 }), bucket({ key: 'never', limit: 0 })];
    const charges = Array.from({ length: 200 }, async (_, n) =>
      store.charge(operation([n % 2 === 0 ? [wide] : [wide, never]])),
    );
    const decisions = await Promise.all(charges);
    expect(decisions.filter(({ denied }) => denied[0] === undefined)).toHaveLength(100);
    expect(await left(wide)).toEqual([900]);
  });

  it('never refuses operations that overlap, as long as nothing was denied', async () => {
    const { store } = await connectTo([server.port]);
    const denials = bucket({ key: 'denials', limit: 2 });
    const charges = Array.from({ length: 50 }, async () =>
      store.charge(operation([[bucket({ key: 'wide', limit: 100 })]], denials)),
    );
    for (const { rejected, denied } of await Promise.all(charges)) {
      expect([rejected, ...denied]).toEqual([undefined, undefined]);
    }
  });

  it('counts by windows whatever the strategy', async () => {
    const { store, clock } = await connectTo([server.port]);
    const of = bucket({ strategy: 'TOKEN_BUCKET', limit: 2, duration: 10 });
    const { levels } = await store.charge(operation([[of]]));
    expect(levels).toEqual([{ remaining: 1, resetAt: clock.now() + 10_000 }]);
  });

  it('begins windows with whole seconds', async () => {
    const { store, clock } = await connectTo([server.port]);
    const resetAt = clock.now() + 60_000;
    clock.advance(0.9);
    expect((await store.charge(operation([[take(bucket(), 2)]]))).levels).toEqual([
      { remaining: 0, resetAt },
    ]);
    clock.advance(59);
    expect((await store.charge(operation([[bucket()]]))).denied).toMatchObject([{ retryAfter: 100 }]);
    clock.advance(0.1);
    expect((await store.charge(operation([[bucket()]]))).denied).toEqual([undefined]);
  });

  it('counts up to the greatest limit, also for charges of nearly all of it that overlap', async () => {
    const { store, left } = await connectTo([server.port]);
    const limit = 2 ** 31 - 1;
    const of = bucket({ limit });
    const charges = Array.from({ length: 8 }, async () => store.charge(operation([[take(of, limit - 1)]])));
    const decisions = await Promise.all(charges);
    expect(decisions.filter(({ denied }) => denied[0] === undefined)).toHaveLength(1);
    expect(await left(of)).toEqual([1]);
    expect((await store.charge(operation([[of], [of]]))).denied[0]).toBeUndefined();
    expect(await left(of)).toEqual([0]);
  });

  it('gives back nothing to a window that has begun since', async () => {
    const { store, clock, left } = await connectTo([server.port]);
    const takenAt = clock.now();
    await store.charge(operation([[take(bucket(), 2)]]));
    clock.advance(60);
    await store.charge(operation([[bucket()]]));
    await store.giveBack([{ bucket: bucket(), cost: 2 }], takenAt);
    expect(await left(bucket())).toEqual([1]);
  });

  it('gives back in the last second of a window as well, and what overlaps does not get lost', async () => {
    const { store, clock, left } = await connectTo([server.port]);
    const of = bucket({ limit: 10, duration: 10 });
    const takenAt = clock.now();
    await store.charge(operation([[take(of, 10)]]));
    const giveBack = (n: number) =>
      Promise.all(Array.from({ length: n }, async () => store.giveBack([{ bucket: of, cost: 1 }], takenAt)));
    await giveBack(4);
    expect(await left(of)).toEqual([4]);
    clock.advance(9.5);
    await giveBack(4);
    expect(await left(of)).toEqual([8]);
  });

  it('keeps a window for no longer than it lasts, give or take seconds, and all keys under its prefix', async () => {
    const { store } = await connectTo([server.port], 'mine');
    await store.charge(operation([[bucket({ key: 'plain|ip:10.0.0.1', duration: 60 })]]));
    expect((await raw('mine:plain|ip:10.0.0.1')).found?.value).toMatch(/^\d+$/);
  });

  it.each([
    ['long', 'x'.repeat(300)],
    ['with blanks and line breaks', 'a b\r\nflush_all\r\n'],
    ['in other scripts', 'ключ|ip:1'],
    ['like one that is hashed', '#x'],
  ])('keeps apart buckets whose keys are %s', async (_, key) => {
    const { store, left } = await connectTo([server.port]);
    const [one, other] = [bucket({ key }), bucket({ key: `${key}2` })];
    await store.charge(operation([[one]]));
    expect(await left(one, other)).toEqual([1, 2]);
  });

  it('counts windows of more than 30 days', async () => {
    const { store, left } = await connectTo([server.port]);
    const yearly = bucket({ duration: 365 * 86_400 });
    await store.charge(operation([[yearly]]));
    expect(await left(yearly)).toEqual([1]);
  });

  it('rejects where another program has the key, and the others of the operation keep what they had', async () => {
    const { store, memcached, left } = await connectTo([server.port], 'foreign');
    await memcached.serverOf('foreign:taken').add('foreign:taken', 'something else', 60);
    const charge = store.charge(operation([[bucket(), bucket({ key: 'taken' })]]));
    await expect(charge).rejects.toThrow(/non-numeric/);
    expect(await left(bucket())).toEqual([2]);
    expect(memcached.isOpen).toBe(false);
  });

  describe('when servers fail', () => {
    async function startOwn(): Promise<TestServer> {
      const own = await startMemcached();
      onTestFinished(() => own.stop());
      return own;
    }

    it.each(['kill', 'pause'] as const)('rejects in time after a %s, and soon works again', async (way) => {
      const own = await startOwn();
      const { store, memcached, lines } = await connectTo([own.port], newPrefix(), 50);
      await store.charge(operation([[bucket()]]));
      await own[way]();
      const begun = performance.now();
      const charges = [1, 2, 3].map(async () => store.charge(operation([[bucket()]])));
      for (const result of await Promise.allSettled(charges)) {
        expect(result).toMatchObject({ status: 'rejected', reason: expect.any(StoreUnavailable) as unknown });
      }
      expect(performance.now() - begun).toBeLessThan(500);
      expect(memcached.isOpen).toBe(true);
      if (way === 'kill') await own.restart();
      else own.resume();
      await vi.waitFor(() => {
        expect(memcached.isOpen).toBe(false);
      }, 2000);
      await store.charge(operation([[bucket({ key: 'another' })]]));
      expect(lines.map(({ level }) => level)).toEqual([50, 30]);
    });

    it('starts without one that cannot be reached, and finds it later', async () => {
      const own = await startOwn();
      await own.kill();
      const { store, memcached } = await connectTo([own.port]);
      await expect(store.charge(operation([[bucket()]]))).rejects.toThrow(StoreUnavailable);
      await own.restart();
      await vi.waitFor(() => {
        expect(memcached.isOpen).toBe(false);
      }, 2000);
      expect((await store.charge(operation([[bucket()]]))).denied).toEqual([undefined]);
    });

    it('goes on with the buckets of the servers that work, and takes nothing for operations that fail', async () => {
      const own = await startOwn();
      const { store, memcached, left } = await connectTo([server.port, own.port], newPrefix(), 500);
      const buckets = Array.from({ length: 20 }, (_, n) => bucket({ key: String(n) }));
      await own.kill();
      const results = await Promise.allSettled(buckets.map(async (of) => store.charge(operation([[of]]))));
      const working = buckets.filter((_, n) => results[n]?.status === 'fulfilled');
      expect(working.length).toBeGreaterThan(0);
      expect(working.length).toBeLessThan(20);
      expect(memcached.isOpen).toBe(false);
      await expect(store.charge(operation([buckets]))).rejects.toThrow(StoreUnavailable);
      expect(await left(...working)).toEqual(working.map(() => 1));
    });
  });
});
