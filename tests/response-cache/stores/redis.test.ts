import { randomBytes } from 'node:crypto';
import { isPromise } from '@whatwg-node/promise-helpers';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { describeWith } from '../../support/describe-with.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { startRedis, type TestServer } from '../../support/private-servers.ts';
import { answerOf } from './answers.ts';
import { PlainList } from './plain-list.ts';
import { largestBytes, makePrefix, openProcess, type Process, until } from './redis-processes.ts';

describeWith('redis-server', 'answers in Redis', () => {
  let server: TestServer;
  /** What looks at the server from outside. */
  let admin: Redis;
  let prefix: string;
  let clock: FakeClock;
  let a: Process;
  let b: Process;

  beforeAll(async () => {
    server = await startRedis();
    admin = new Redis(server.port, '127.0.0.1');
  });
  afterAll(async () => {
    admin.disconnect();
    await server.stop();
  });
  beforeEach(async () => {
    prefix = makePrefix();
    clock = new FakeClock();
    a = await openProcess({ port: server.port, prefix, clock });
    b = await openProcess({ port: server.port, prefix, clock });
    await Promise.all([a.current(), b.current()]);
  });
  afterEach(() => {
    a.close();
    b.close();
  });

  const base = (): string => `${prefix}:{${prefix}:answers}`;
  const keep = (process: Process, key: string, tags: readonly string[], data: unknown = key) =>
    process.store.begin().keep(key, answerOf(clock, data), tags);
  const textOf = (data: unknown): string => answerOf(clock, data).body.toString();
  const calls = async (command: string): Promise<number> => {
    const statistics = await admin.info('commandstats');
    return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(statistics)?.[1] ?? 0);
  };

  describe('copies', () => {
    it('are not given any more, in any process, once the invalidation has returned', async () => {
      for (let n = 0; n < 200; n += 1) {
        await keep(a, 'key', ['A']);
        await until(() => !isPromise(b.store.get('key')));
        await a.store.invalidate(n % 10 === 0 ? 'everything' : ['A']);
        expect(await b.store.get('key')).toBeUndefined();
      }
    });

    it('are given without asking Redis', async () => {
      await keep(a, 'key', ['A']);
      await a.current();
      const before = a.redis.roundTrips;
      expect(a.store.get('key')).toEqual(answerOf(clock, 'key'));
      expect(a.redis.roundTrips).toBe(before);
    });

    it('are not given while the subscription is lost, nor what was copied before when it is back', async () => {
      await keep(a, 'key', ['A']);
      await a.current();
      b.heard.length = 0;
      await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
      await until(() => a.heard.includes('everything') && b.heard.includes('everything'));
      expect([a.shared.isCurrent(), b.shared.isCurrent()]).toEqual([false, false]);
      await Promise.all([a.current(), b.current()]);
      const given = a.store.get('key');
      expect(given).toBeInstanceOf(Promise);
      expect(await given).toEqual(answerOf(clock, 'key'));
      await b.store.invalidate(['A']);
      expect(await a.store.get('key')).toBeUndefined();
    });

    it('are not waited for longer than 50 ms, also when somebody listens who acknowledges nothing', async () => {
      const silent = new Redis(server.port, '127.0.0.1');
      await silent.subscribe(`${prefix}:dropped:0`);
      await keep(a, 'key', ['A']);
      const begun = performance.now();
      await a.store.invalidate(['A']);
      const took = performance.now() - begun;
      silent.disconnect();
      expect(took).toBeGreaterThan(45);
      expect(took).toBeLessThan(500);
      expect(b.heard.at(-1)).toEqual(['A']);
    });

    it('are waited for when fewer processes hear of an invalidation than before: one may not know yet that it was cut off', async () => {
      const options = { port: server.port, prefix: makePrefix(), clock, patienceMs: 300 };
      const [one, other] = [await openProcess(options), await openProcess(options)];
      await Promise.all([one.current(), other.current()]);
      const invalidate = async (): Promise<number> => {
        const begun = performance.now();
        await one.store.invalidate(['A']);
        return performance.now() - begun;
      };
      const together = await invalidate();
      other.close();
      const channel = `${options.prefix}:dropped:0`;
      await vi.waitFor(async () => {
        expect(await admin.pubsub('NUMSUB', channel)).toEqual([channel, 1]);
      });
      const [first, second] = [await invalidate(), await invalidate()];
      one.close();
      expect(together).toBeLessThan(295);
      expect(first).toBeGreaterThan(295);
      expect(second).toBeLessThan(295);
    });
  });

  it('has nothing to do with those in another database', async () => {
    const other = await openProcess({ port: server.port, prefix, clock, database: 1 });
    await other.current();
    await keep(a, 'key', ['A']);
    await b.current();
    b.heard.length = 0;
    await other.store.invalidate(['A']);
    expect(await admin.pubsub('NUMSUB', `${prefix}:dropped:1`)).toEqual([`${prefix}:dropped:1`, 1]);
    other.close();
    expect(await b.store.get('key')).toBeDefined();
    expect(b.heard).toEqual([]);
  });

  describe('an answer in the making', () => {
    it('is not kept if it was begun before an invalidation elsewhere', async () => {
      const pending = b.store.begin();
      await a.store.invalidate(['A']);
      expect(pending.isInvalidated(['A'])).toBe(true);
      expect(await pending.keep('key', answerOf(clock, 1), ['A'])).toBe('invalidated');
      expect(await a.store.get('key')).toBeUndefined();
    });

    it('is not kept by Redis either, if this process has not heard of the invalidation', async () => {
      const begunAfter = b.shared.sequence ?? 0;
      await a.store.invalidate(['A']);
      const shared = { answer: answerOf(clock, 1), tags: ['A', 'B'] };
      expect(await b.shared.keep('key', shared, begunAfter)).toBe('invalidated');
      expect(await b.shared.keep('key', { ...shared, tags: ['B'] }, begunAfter)).toBe('stored');
    });

    it('is not kept if it was begun after an invalidation that nobody has heard of', async () => {
      const shared = { answer: answerOf(clock, 1), tags: [] };
      expect(await a.shared.keep('key', shared, (a.shared.sequence ?? 0) + 1e9)).toBe('invalidated');
    });
  });

  describe('when Redis has lost what it knew', () => {
    it('invalidates what was kept and what is in the making, and goes on', async () => {
      await keep(a, 'key', ['A']);
      const pending = b.store.begin();
      await admin.flushall();
      expect(await b.store.get('key')).toBeUndefined();
      expect(await pending.keep('key', answerOf(clock, 1), ['A'])).toBe('invalidated');
      expect(await keep(b, 'key', ['A'])).toBe('stored');
      expect(await b.shared.find('key')).toBeDefined();
    });

    it('invalidates what was kept if only the numbers are lost', async () => {
      await keep(a, 'key', ['A']);
      expect(await b.shared.find('key')).toBeDefined();
      await a.store.invalidate(['A']);
      await admin.del(`${base()}:invalidations`);
      expect(await b.shared.find('key')).toBeUndefined();
      expect(await admin.exists(`${base()}:answer:key`)).toBe(0);
    });

    it('never gives out a number again', async () => {
      const numbers = [a.shared.sequence ?? 0];
      for (let n = 0; n < 5; n += 1) {
        await admin.flushall();
        await a.store.invalidate([`A${n}`]);
        numbers.push(a.shared.sequence ?? 0);
      }
      expect(new Set(numbers).size).toBe(6);
      expect(numbers).toEqual(numbers.toSorted((x, y) => x - y));
    });
  });

  describe('in Redis', () => {
    it('takes one command for each look-up, keep and invalidation', async () => {
      await keep(a, 'key', ['A']);
      await a.shared.find('key');
      await a.store.invalidate(['B']);
      const before = await calls('evalsha');
      const trips = a.redis.roundTrips;
      for (let n = 0; n < 10; n += 1) await a.shared.find('key');
      await keep(a, 'key', ['A']);
      await a.store.invalidate(['A', 'B']);
      expect((await calls('evalsha')) - before).toBe(12);
      expect(a.redis.roundTrips - trips).toBe(12);
    });

    it('keeps large bodies compressed, and small or incompressible ones as they are', async () => {
      const bodies = [
        ['large', Buffer.alloc(20_000, 'abc')],
        ['small', Buffer.alloc(500, 'abc')],
        ['random', randomBytes(5000)],
      ] as const;
      const lengths: Record<string, unknown> = {};
      for (const [key, body] of bodies) {
        await a.store.begin().keep(key, { ...answerOf(clock, 1), body }, []);
        lengths[key] = await admin.hstrlen(`${base()}:answer:${key}`, 'body');
        expect((await b.shared.find(key))?.answer.body.equals(body)).toBe(true);
      }
      expect(lengths).toMatchObject({ small: 500, random: 5000 });
      expect(lengths['large']).toBeLessThan(1000);
    });

    it('keeps nothing that is too large, packed or not, nor leaves an older answer in its place', async () => {
      const keepBody = (body: Buffer) => a.store.begin().keep('key', { ...answerOf(clock, 1), body }, ['A']);
      const bodies = [
        Buffer.alloc(largestBytes + 1, 'x'),
        randomBytes(1024 * 1024 + 1),
        Buffer.alloc(30_000_000, 'x'),
        randomBytes(30_000_000),
      ];
      for (const body of bodies) {
        expect(await keepBody(Buffer.alloc(largestBytes, 'x'))).toBe('stored');
        expect(await keepBody(body)).toBe('too-large');
        expect(await b.shared.find('key')).toBeUndefined();
      }
      expect(a.redis.breaker.isOpen).toBe(false);
      expect(a.lines).toEqual([]);
    });

    it('says of what is too large, too, that it was invalidated', async () => {
      const shared = { answer: { ...answerOf(clock, 1), body: randomBytes(2_000_000) }, tags: ['A'] };
      const begunAfter = b.shared.sequence ?? 0;
      await a.store.invalidate(['A']);
      await keep(a, 'key', ['A']);
      expect(await b.shared.keep('key', shared, begunAfter)).toBe('invalidated');
      expect(await b.shared.find('key')).toBeDefined();
    });

    it('keeps an answer as long as it is of any use', async () => {
      await keep(a, 'key', ['A']);
      const left = await admin.pttl(`${base()}:answer:key`);
      expect(left).toBeGreaterThan(55_000);
      expect(left).toBeLessThanOrEqual(60_000);
    });

    it('remembers invalidations longer than any answer lives', async () => {
      const year = 365 * 24 * 60 * 60;
      await a.store.begin().keep('key', answerOf(clock, 1, { maxAge: year }), ['A']);
      await keep(a, 'another', ['A']);
      await a.store.invalidate(['B']);
      const ends = await Promise.all(['drops', 'answer:key'].map((name) => admin.pttl(`${base()}:${name}`)));
      expect(ends[0]).toBeGreaterThan(ends[1] ?? Infinity);
    });

    it('takes thousands of tags', async () => {
      const tags = Array.from({ length: 12_000 }, (_, n) => `User:${n}`);
      expect(await keep(a, 'key', tags)).toBe('stored');
      expect((await b.shared.find('key'))?.tags).toEqual(tags);
      await b.store.invalidate(['User:11999']);
      expect(await a.store.get('key')).toBeUndefined();
      expect(await keep(a, 'key', ['User:5'])).toBe('stored');
      await b.store.invalidate(tags);
      expect(await a.store.get('key')).toBeUndefined();
    });

    it('leaves alone what another program has put under a key, and goes on', async () => {
      await admin.set(`${base()}:answer:key`, 'theirs', 'PX', 60_000);
      expect(await a.store.get('key')).toBeUndefined();
      expect(await keep(a, 'key', ['A'])).toBe('unavailable');
      expect(await admin.get(`${base()}:answer:key`)).toBe('theirs');
      expect(await keep(a, 'another', ['A'])).toBe('stored');
      expect(a.redis.breaker.isOpen).toBe(false);
    });

    it('gives nothing of an answer that cannot be read', async () => {
      await keep(a, 'key', ['A']);
      await admin.hset(`${base()}:answer:key`, 'head', 'nonsense');
      expect(await b.store.get('key')).toBeUndefined();
    });

    it('invalidates everything when it is told what it does not understand', async () => {
      for (const text of ['nonsense', '5 {"id":1}', 'x {}']) {
        const before = a.heard.length;
        await admin.publish(`${prefix}:dropped:0`, text);
        await until(() => a.heard.length > before);
        expect(a.heard.at(-1)).toBe('everything');
      }
    });

    it('without memory keeps nothing, but still invalidates', async () => {
      await keep(a, 'key', ['A']);
      await b.shared.find('key');
      await admin.config('SET', 'maxmemory', '1');
      try {
        expect(await keep(a, 'another', ['A'])).toBe('unavailable');
        expect(await b.shared.find('key')).toBeDefined();
        await a.store.invalidate(['A']);
        expect(await b.store.get('key')).toBeUndefined();
        expect([...a.lines, ...b.lines]).toEqual([]);
      } finally {
        await admin.config('SET', 'maxmemory', '0');
      }
      expect(await b.store.get('key')).toBeUndefined();
      expect(await keep(b, 'key', ['A'])).toBe('stored');
    });

    it('answers like a plain list of answers, and leaves no key that stays or lacks the prefix, after any history', async () => {
      const tag = fc.constantFrom('A', 'B', 'C', 'User:1', '#users');
      const key = fc.constantFrom('k', 'l', 'm');
      const tags = fc.uniqueArray(tag, { maxLength: 3 });
      const who = fc.boolean();
      const step = fc.oneof(
        fc.record({ do: fc.constant('keep' as const), who, key, tags }),
        fc.record({ do: fc.constant('find' as const), who, key }),
        fc.record({
          do: fc.constant('invalidate' as const),
          who,
          tags: fc.oneof(tags, fc.constant('everything' as const)),
        }),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (history) => {
          await a.store.invalidate('everything');
          const list = new PlainList();
          for (const [at, step] of history.entries()) {
            const process = step.who ? a : b;
            if (step.do === 'keep') {
              expect(await keep(process, step.key, step.tags, at)).toBe('stored');
              list.keep(step.key, textOf(at), step.tags);
            } else if (step.do === 'find') {
              list.expectToGive(step.key, (await process.store.get(step.key))?.body.toString());
            } else {
              await process.store.invalidate(step.tags);
              list.invalidate(step.tags);
            }
          }
        }),
        { numRuns: 25 },
      );
      const keys = await admin.keys('*');
      expect(keys.length).toBeGreaterThan(0);
      for (const key of keys) expect(await admin.pttl(key)).toBeGreaterThan(0);
      expect(keys.filter((key) => !key.startsWith('test-'))).toEqual([]);
    });
  });
});
