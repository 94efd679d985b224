import { beforeEach, describe, expect, it } from 'vitest';
import { AnswerCache, type Entry, type Made } from '../../src/response-cache/answer-cache.ts';
import type { CacheRequest } from '../../src/response-cache/cache-request.ts';
import { createMemoryStore } from '../../src/response-cache/index.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { flightOf, made, requestFor } from './requests.ts';

const request = requestFor({ staleWhileRevalidate: 30, staleIfError: 600 });
const refresh: CacheRequest = { ...request, mayRead: false };

const failed = (isFailure: boolean): Made => ({
  result: { data: null, errors: [] },
  tags: [],
  restriction: {},
  isFailure,
});

/** The number in an answer, and whether who is given it has to see to a fresh one. */
function given(entry: Entry): unknown {
  if (entry.kind === 'make') return 'nothing';
  const { data } = JSON.parse(entry.answer.body.toString()) as { data: { n: number } };
  return [data.n, entry.refreshed !== undefined];
}

describe('an answer past its time', () => {
  let clock: FakeClock;
  let cache: AnswerCache;
  let store: ReturnType<typeof createMemoryStore>;

  const keep = async (n: number) => cache.land(flightOf(await cache.enter(refresh)), made(n));
  const fail = async (isFailure = true, changes: Partial<CacheRequest> = {}) =>
    cache.land(flightOf(await cache.enter({ ...request, ...changes })), failed(isFailure));

  beforeEach(async () => {
    clock = new FakeClock();
    store = createMemoryStore({ clock, maxBytes: 1 << 20 });
    cache = new AnswerCache(store, clock);
    await keep(1);
  });

  it('is given while a fresh one is made, which is one caller’s business alone', async () => {
    clock.advance(59.999);
    expect(given(await cache.enter(request))).toEqual([1, false]);
    clock.advance(0.001);
    expect(given(await cache.enter(request))).toEqual([1, true]);
    expect(given(await cache.enter(request))).toEqual([1, false]);
    clock.advance(5);
    expect(given(await cache.enter(request))).toEqual([1, false]);
    await keep(2);
    expect(given(await cache.enter(request))).toEqual([2, false]);
  });

  it('has another one made where that takes more than five seconds, which may be for ever', async () => {
    clock.advance(60);
    const stuck = await cache.enter(request);
    flightOf(await cache.enter(refresh));
    clock.advance(5.001);
    const second = await cache.enter(request);
    expect([given(stuck), given(second)]).toEqual([
      [1, true],
      [1, true],
    ]);
    flightOf(await cache.enter(refresh));
    if (stuck.kind === 'given') stuck.refreshed?.();
    expect(given(await cache.enter(request))).toEqual([1, false]);
    clock.advance(5.001);
    expect(given(await cache.enter(request))).toEqual([1, true]);
  });

  it('is not given any more once the time for that is over', async () => {
    clock.advance(90);
    expect((await cache.enter(request)).kind).toBe('make');
    expect(cache.isGood(await cache.lookUp(request).answer)).toBe(false);
  });

  it('is refreshed again by the next one where that came to nothing', async () => {
    clock.advance(60);
    const first = await cache.enter(request);
    if (first.kind === 'given') first.refreshed?.();
    expect(given(await cache.enter(request))).toEqual([1, true]);
  });

  it('is not refreshed while a fresh one is made anyway', async () => {
    clock.advance(60);
    await cache.enter(refresh);
    expect(given(await cache.enter(request))).toEqual([1, false]);
  });

  it('is dropped by a write like any other, and a refresh that began before does not bring it back', async () => {
    clock.advance(60);
    const refreshing = flightOf(await cache.enter(refresh));
    store.invalidate(['Query.n']);
    expect((await cache.land(refreshing, made(2))).stored).toBe('invalidated');
    expect((await cache.enter(request)).kind).toBe('make');
  });

  it('takes the place of a failure, for those who wait too', async () => {
    clock.advance(90);
    const flight = flightOf(await cache.enter(request));
    const waiting = cache.enter(request);
    expect(await cache.land(flight, failed(true))).toMatchObject({
      how: 'failure',
      answer: { body: expect.anything() as unknown },
    });
    expect(given(await waiting)).toEqual([1, false]);
    clock.advance(569.999);
    expect((await fail()).how).toBe('failure');
  });

  it('does not take the place of a failure once the time for that is over', async () => {
    clock.advance(660);
    expect(await fail()).toEqual({ how: 'miss', scope: 'PUBLIC', stored: 'error' });
  });

  it('does not take the place of what a client did wrong', async () => {
    clock.advance(90);
    expect(await fail(false)).toEqual({ how: 'miss', scope: 'PUBLIC', stored: 'error' });
  });

  it('does not take the place of a failure after a write that dropped it', async () => {
    clock.advance(90);
    const flight = flightOf(await cache.enter(request));
    store.invalidate(['Query.n']);
    expect((await cache.land(flight, failed(true))).how).toBe('miss');
  });

  it('does not take the place of the failure of one who asked for a fresh one', async () => {
    expect((await fail(true, { mayRead: false })).how).toBe('request');
  });

  it('may be stale for as long as ever, counted from the time that a resolver gave it', async () => {
    await cache.land(flightOf(await cache.enter(refresh)), { ...made(3), restriction: { maxAge: 10 } });
    clock.advance(10);
    expect(given(await cache.enter(request))).toEqual([3, true]);
    clock.advance(30);
    expect((await cache.enter(request)).kind).toBe('make');
  });
});
