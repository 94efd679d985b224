import { describe, expect, it } from 'vitest';
import { createTieredStore } from '../../../src/response-cache/stores/tiered/index.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { describeAnswerStore } from '../store.contract.ts';
import { answerOf, answerOfSize } from './answers.ts';
import { DistantAnswers, DistantPlace } from './distant-answers.ts';

const maxBytes = 1_000_000;

/** Two processes that share answers. */
function openTwo() {
  const clock = new FakeClock();
  const place = new DistantPlace();
  const open = () =>
    createTieredStore({ clock, maxBytes, open: (onInvalidate) => new DistantAnswers(place, onInvalidate) });
  return { clock, place, a: open(), b: open() };
}

function openOne() {
  const { a, clock, place } = openTwo();
  return { store: a, clock, place };
}

describeAnswerStore('the tier in front of distant answers', openOne);

describeAnswerStore('two processes with distant answers', () => {
  const { a, b, clock } = openTwo();
  return {
    clock,
    store: { begin: () => a.begin(), get: (key) => b.get(key), invalidate: (tags) => a.invalidate(tags) },
  };
});

describe('the tier', () => {
  it('asks once for what it has found, and not at all for what it has kept', async () => {
    const { a, b, place, clock } = openTwo();
    const answer = answerOf(clock, 1);
    await a.begin().keep('key', answer, ['A']);
    expect(a.get('key')).toEqual(answer);
    expect(place.asked).toBe(0);
    expect(await b.get('key')).toEqual(answer);
    expect(b.get('key')).toEqual(answer);
    expect(place.asked).toBe(1);
  });

  it('gives no copy of what another process has invalidated', async () => {
    for (const invalidated of [['A'], 'everything'] as const) {
      const { a, b, clock } = openTwo();
      await a.begin().keep('key', answerOf(clock, 1), ['A']);
      await b.get('key');
      await a.invalidate(invalidated);
      for (const store of [a, b]) expect(await store.get('key')).toBeUndefined();
    }
  });

  it('gives nothing that was invalidated while it was on its way, and makes no copy', async () => {
    for (const isOwn of [true, false]) {
      const { a, b, place, clock } = openTwo();
      await a.begin().keep('key', answerOf(clock, 1), ['A']);
      const finding = b.get('key');
      const invalidating = (isOwn ? b : a).invalidate(['A']);
      // The answer was found before the invalidation came there.
      expect((await finding) === undefined).toBe(!isOwn);
      await invalidating;
      expect(await b.get('key')).toBeUndefined();
      expect(place.asked).toBe(2);
    }
  });

  it('gives and copies what is on its way while something else is invalidated', async () => {
    const { a, b, place, clock } = openTwo();
    await a.begin().keep('key', answerOf(clock, 1), ['A']);
    const finding = b.get('key');
    await a.invalidate(['B']);
    expect(await finding).toBeDefined();
    expect(b.get('key')).toEqual(await finding);
    expect(place.asked).toBe(1);
  });

  it('gives no older answer than it has kept meanwhile', async () => {
    const { a, b, place, clock } = openTwo();
    await a.begin().keep('key', answerOf(clock, 'old'), []);
    const { promise, resolve } = Promise.withResolvers<undefined>();
    place.heldUp = promise;
    const finding = b.get('key');
    const newer = answerOf(clock, 'new');
    await b.begin().keep('key', newer, []);
    resolve(undefined);
    expect(await finding).toEqual(newer);
    expect(b.get('key')).toEqual(newer);
  });

  it('asks for a fresher answer than a stale copy, and gives the copy only if there is none', async () => {
    const { a, b, place, clock } = openTwo();
    const ages = { maxAge: 10, staleWhileRevalidate: 100 };
    const [old, other] = [answerOf(clock, 'old', ages), answerOf(clock, 'other', ages)];
    await b.begin().keep('key', old, []);
    await b.begin().keep('other', other, []);
    clock.advance(10);
    const fresh = answerOf(clock, 'fresh', ages);
    await a.begin().keep('key', fresh, []);
    expect(await b.get('key')).toEqual(fresh);
    expect(b.get('key')).toEqual(fresh);
    expect(place.asked).toBe(1);
    place.lose('other');
    expect(await b.get('other')).toEqual(other);
    const finding = b.get('other');
    place.isHeard = false;
    expect(await finding).toBeUndefined();
  });

  it('does not put an older answer in the place of a stale copy', async () => {
    const { b, place, clock } = openTwo();
    const older = answerOf(clock, 'older', { maxAge: 100 });
    clock.advance(1);
    const newer = answerOf(clock, 'newer', { maxAge: 5, staleWhileRevalidate: 100 });
    await b.begin().keep('key', newer, []);
    place.keep('key', { answer: older, tags: [] }, place.sequence);
    clock.advance(5);
    for (let n = 0; n < 2; n += 1) expect(await b.get('key')).toEqual(newer);
  });

  it('tells pending answers apart that began before and after an invalidation which only its number tells of', () => {
    let sequence: number | undefined = 7;
    const store = createTieredStore({
      clock: new FakeClock(),
      maxBytes,
      open: () => ({
        get sequence() {
          return sequence;
        },
        isCurrent: () => false,
        find: () => undefined,
        keep: () => 'stored',
        invalidate: () => undefined,
        close: () => undefined,
      }),
    });
    const numbers = [store.begin().begun, store.begin().begun];
    expect(numbers[1]).toBe(numbers[0]);
    // A number that was lost may come back smaller.
    for (const next of [8, undefined, 3, 9]) {
      sequence = next;
      const { begun } = store.begin();
      expect(begun).toBeGreaterThan(Math.max(...numbers));
      expect(store.begin().begun).toBe(begun);
      numbers.push(begun);
    }
  });

  it('does not give copies, and makes none, while invalidations go unheard', async () => {
    const { a, b, place, clock } = openTwo();
    await a.begin().keep('key', answerOf(clock, 1), ['A']);
    await a.begin().keep('other', answerOf(clock, 1), ['B']);
    await b.get('key');
    const pending = b.begin();
    place.isHeard = false;
    await b.get('other');
    expect(await pending.keep('made', answerOf(clock, 1), ['B'])).toBe('stored');
    expect(b.begin().keep('key', answerOf(clock, 2), [])).toBe('unavailable');
    await a.invalidate(['A', 'B']);
    for (const key of ['key', 'other', 'made']) expect(await b.get(key)).toBeUndefined();
    place.isHeard = true;
    for (const key of ['other', 'made']) expect(await b.get(key)).toBeUndefined();
  });

  it('makes no copy where invalidations have gone unheard since it was asked for', async () => {
    const { a, b, place, clock } = openTwo();
    await a.begin().keep('key', answerOf(clock, 1), ['A']);
    const finding = b.get('key');
    place.isHeard = false;
    expect(await finding).toBeDefined();
    await a.invalidate(['A']);
    place.isHeard = true;
    expect(await b.get('key')).toBeUndefined();
  });

  it('keeps no copy of what others do not share', async () => {
    for (const refusal of ['too-large', 'unavailable', 'invalidated'] as const) {
      const { store, place, clock } = openOne();
      place.refusal = refusal;
      expect(await store.begin().keep('key', answerOf(clock, 1), ['A'])).toBe(refusal);
      expect(await store.get('key')).toBeUndefined();
    }
  });

  it('leaves no older copy in the place of an answer that is too large', async () => {
    const { store, place, clock } = openOne();
    await store.begin().keep('key', answerOf(clock, 'old'), ['A']);
    place.refusal = 'too-large';
    await store.begin().keep('key', answerOf(clock, 'new'), ['A']);
    await store.get('key');
    expect(place.asked).toBe(1);
  });

  it('shares what is too large for a copy', async () => {
    const { a, b, place, clock } = openTwo();
    expect(await a.begin().keep('key', answerOfSize(clock, 100_000), [])).toBe('stored');
    for (const store of [a, b, b]) expect((await store.get('key'))?.body.length).toBe(100_000);
    expect(place.asked).toBe(3);
  });

  it('copies nothing that was found too old', async () => {
    const { a, b, place, clock } = openTwo();
    await a.begin().keep('key', answerOf(clock, 1, { maxAge: 10 }), []);
    clock.advance(10);
    expect(await b.get('key')).toBeUndefined();
    clock.advance(-10);
    expect(await b.get('key')).toBeDefined();
    expect(place.asked).toBe(2);
  });

  it('ends a pending answer with the first keep, also while that is on its way', async () => {
    const { store, clock } = openOne();
    const pending = store.begin();
    const keeping = pending.keep('key', answerOf(clock, 1), ['A']);
    pending.abandon();
    expect(pending.keep('key', answerOf(clock, 2), ['A'])).toBe('invalidated');
    const invalidating = store.invalidate(['A']);
    expect(await keeping).toBe('stored');
    await invalidating;
    expect(pending.isInvalidated(['A'])).toBe(true);
    expect(await store.get('key')).toBeUndefined();
  });

  it('asks nobody to invalidate nothing', () => {
    const { store, place } = openOne();
    expect(store.invalidate([])).toBeUndefined();
    expect(place.sequence).toBe(0);
  });
});
