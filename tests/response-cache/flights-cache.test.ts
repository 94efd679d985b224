import { setImmediate as settled } from 'node:timers/promises';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { run } from '../../src/operation/run.ts';
import { AnswerCache, type Entry } from '../../src/response-cache/answer-cache.ts';
import type { CacheRequest } from '../../src/response-cache/cache-request.ts';
import { type AnswerStore, createMemoryStore } from '../../src/response-cache/index.ts';
import { declare } from '../support/declared.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { anonymous } from '../support/pipeline.ts';
import { runOptions } from '../support/run.ts';
import { flightOf, made, requestFor } from './requests.ts';

const request = requestFor();

const bodyOf = (entry: Entry): unknown =>
  entry.kind === 'given' ? JSON.parse(entry.answer.body.toString()) : undefined;

describe('an answer in the making', () => {
  let cache: AnswerCache;
  let store: ReturnType<typeof createMemoryStore>;
  let clock: FakeClock;

  beforeEach(() => {
    clock = new FakeClock();
    store = createMemoryStore({ clock, maxBytes: 1 << 20 });
    cache = new AnswerCache(store, clock);
  });

  const enter = async () => cache.enter(request);
  const begin = async (changes: Partial<CacheRequest> = {}) =>
    flightOf(await cache.enter({ ...request, ...changes }));

  it('is given to all who wait, as the same bytes', async () => {
    const flight = await begin();
    const waiting = Array.from({ length: 3 }, enter);
    await cache.land(flight, made(1));
    const answers = (await Promise.all(waiting)).map((entry) => entry.kind === 'given' && entry.answer);
    expect(new Set(answers).size).toBe(1);
    expect(bodyOf(await cache.enter(request))).toEqual({ data: { n: 1 } });
  });

  it('that is given up has those who wait make their own, and is not waited for again', async () => {
    const flight = await begin();
    const waiting = [enter(), enter()];
    flight.abandon();
    flight.abandon();
    expect((await Promise.all(waiting)).map(({ kind }) => kind)).toEqual(['make', 'make']);
    expect((await cache.enter(request)).kind).toBe('make');
  });

  it('is not waited for by who wants a fresh one; those who come later wait for the newer one', async () => {
    const older = await begin();
    const newer = await begin({ mayRead: false });
    const later = cache.enter(request);
    await cache.land(older, made(1));
    const latest = cache.enter({ ...request });
    await cache.land(newer, made(2));
    expect(bodyOf(await later)).toEqual({ data: { n: 2 } });
    expect(bodyOf(await latest)).toEqual({ data: { n: 1 } });
    expect(bodyOf(await cache.enter(request))).toEqual({ data: { n: 2 } });
  });

  it('that takes longer than five seconds is not waited for by those who come then', async () => {
    await begin();
    clock.advance(5);
    const patient = enter();
    clock.advance(0.001);
    const second = await begin();
    const waiting = enter();
    await cache.land(second, made(2));
    expect(bodyOf(await waiting)).toEqual({ data: { n: 2 } });
    expect(await Promise.race([patient, settled('still waiting')])).toBe('still waiting');
  });

  describe('that never ends', () => {
    beforeEach(() => {
      vi.useFakeTimers();
      return () => vi.useRealTimers();
    });

    it('keeps nobody waiting for longer than that: the first makes one, on which the others wait', async () => {
      await begin();
      clock.advance(3);
      const waiting = [enter(), enter(), enter()];
      clock.advance(2.001);
      await vi.advanceTimersByTimeAsync(2001);
      const makers = await Promise.race(waiting);
      await cache.land(flightOf(makers), made(2));
      const [, ...others] = await Promise.all(waiting);
      expect(others.map(bodyOf)).toEqual([{ data: { n: 2 } }, { data: { n: 2 } }]);
    });
  });

  it('that is dropped while a store takes its time to keep it is not for those who came after', async () => {
    const gate = Promise.withResolvers<undefined>();
    const slow: AnswerStore = {
      get: (key) => store.get(key),
      invalidate: (tags) => {
        store.invalidate(tags);
      },
      begin() {
        const making = store.begin();
        return {
          begun: making.begun,
          isInvalidated: (tags) => making.isInvalidated(tags),
          abandon: () => {
            making.abandon();
          },
          keep: async (...kept) => {
            await gate.promise;
            return making.keep(...kept);
          },
        };
      },
    };
    cache = new AnswerCache(slow, clock);
    const flight = await begin();
    const landing = cache.land(flight, { ...made(1), tags: ['User:1'] });
    await slow.invalidate(['User:1']);
    const after = enter();
    gate.resolve(undefined);
    await landing;
    expect((await after).kind).toBe('make');
  });

  it('is not waited for where it is not to be kept', async () => {
    const unkept = await begin({ mayRead: false, mayKeep: false });
    expect((await cache.enter(request)).kind).toBe('make');
    expect(await cache.land(unkept, made(1))).toEqual({
      how: 'request',
      scope: 'PUBLIC',
      stored: 'not-wanted',
    });
    expect(store.entries).toBe(0);
  });

  it('that a write overtakes is not for those who came after another write, who make one together', async () => {
    const flight = await begin();
    store.invalidate(['something else']);
    const waiting = [enter(), enter()];
    store.invalidate(['User:1']);
    const outcome = await cache.land(flight, { ...made(1), tags: ['User:1'] });
    expect(outcome.stored).toBe('invalidated');
    const next = flightOf(await Promise.race(waiting));
    await cache.land(next, made(2));
    const entries = await Promise.all(waiting);
    expect(entries.map(bodyOf)).toEqual([undefined, { data: { n: 2 } }]);
  });

  it('that one write after the other overtakes keeps nobody waiting for ever', async () => {
    let flight = await begin();
    let waits = 0;
    const entries: Entry[] = [];
    store.invalidate(['something else']);
    const last = enter().then((entry) => entries.push(entry));
    while (entries.length === 0 && waits < 100) {
      waits += 1;
      store.invalidate(['User:1']);
      void cache.land(flight, { ...made(1), tags: ['User:1'] });
      // Somebody else is faster than who waits, each time.
      const faster = enter();
      store.invalidate(['something else']);
      flight = flightOf(await faster);
      await settled();
    }
    await last;
    expect(entries.map(({ kind }) => kind)).toEqual(['make']);
    expect(waits).toBeLessThan(10);
  });

  it('keeps nobody waiting when the server fails, by exception or rejection', async () => {
    const failing = async (fail: () => Promise<never>) => {
      const options = runOptions(declare('type Query { n: Int @cacheControl(maxAge: 60) }'));
      const own = { ...options, cache, execute: fail };
      const asked = { requestId: 'r', method: 'POST', caller: anonymous, requestCacheControl: undefined };
      return run(own, asked, { query: '{ n }' });
    };
    for (const fail of [
      () => Promise.reject(new Error('no')),
      () => {
        throw new Error('no');
      },
    ]) {
      const gate = Promise.withResolvers<undefined>();
      const failed = failing(() => gate.promise.then(fail));
      await Promise.resolve();
      await Promise.resolve();
      const waiting = cache.enter(request);
      gate.resolve(undefined);
      await expect(failed).rejects.toThrow('no');
      const entry = await waiting;
      expect(entry.kind).toBe('make');
      flightOf(entry).abandon();
    }
  });
});
