import { isPromise } from '@whatwg-node/promise-helpers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bucket, Decision } from '../../../src/rate-limit/store.ts';
import { createMemoryStore } from '../../../src/rate-limit/stores/memory/index.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { describeStore } from '../store.contract.ts';
import { type Asked, bucket, operation, take } from './operations.ts';

function createTest(maxBuckets: number) {
  const clock = new FakeClock();
  const store = createMemoryStore({ clock, maxBuckets });
  const charge = (...selections: readonly Asked[]): Decision => atOnce(store.charge(operation(selections)));
  const left = (of: Bucket): number => atOnce(store.levels([of]))[0]?.remaining ?? NaN;
  const remembers = (of: Bucket): boolean => left(of) < of.rule.limit;
  return { clock, store, charge, left, remembers };
}

function atOnce<T>(value: T | Promise<T>): T {
  if (isPromise(value)) throw new Error('The memory store has nothing to wait for.');
  return value;
}

const numbered = (n: number, values: Parameters<typeof bucket>[0] = {}): Bucket =>
  bucket({ key: `test|ip:${n}`, ...values });

describe('the memory store', () => {
  describeStore((clock) => createMemoryStore({ clock }));

  it('makes nobody wait', () => {
    const { store, clock } = createTest(10);
    expect(isPromise(store.charge(operation([[bucket()]])))).toBe(false);
    expect(store.giveBack([{ bucket: bucket(), cost: 1 }], clock.now())).toBeUndefined();
    expect(isPromise(store.levels([bucket()]))).toBe(false);
  });

  it('forgets the bucket used longest ago when it is full of buckets loaded alike', () => {
    const { charge, remembers } = createTest(3);
    for (const n of [1, 2, 3, 1, 4]) charge([numbered(n, { limit: 100 })]);
    expect([1, 2, 3, 4].map((n) => remembers(numbered(n, { limit: 100 })))).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });

  it('counts a denial as a use', () => {
    const { charge, remembers } = createTest(2);
    for (const n of [1, 2]) charge([take(numbered(n), 2)]);
    charge([numbered(1)]);
    charge([numbered(3)]);
    expect([1, 2, 3].map((n) => remembers(numbered(n)))).toEqual([true, false, true]);
  });

  it('keeps a full bucket, however many new ones its caller makes', () => {
    const { charge, remembers } = createTest(10);
    charge([take(bucket({ key: 'hot' }), 2)]);
    for (let n = 0; n < 1000; n += 1) charge([numbered(n)]);
    expect(remembers(bucket({ key: 'hot' }))).toBe(true);
    expect(charge([bucket({ key: 'hot' })]).denied).not.toEqual([undefined]);
  });

  it('keeps all of the full buckets, also when they are nearly all there are', () => {
    const { charge, left } = createTest(100);
    const hot = Array.from({ length: 90 }, (_, n) => bucket({ key: `hot ${n}` }));
    for (const each of hot) charge([take(each, 2)]);
    for (let n = 0; n < 1000; n += 1) charge([numbered(n)]);
    expect(hot.map(left)).toEqual(hot.map(() => 0));
    expect(left(numbered(999))).toBe(1);
  });

  it('does not keep a bucket for its past once it has been given back to', () => {
    const { clock, store, charge, remembers } = createTest(2);
    charge([take(numbered(1, { limit: 8 }), 8)]);
    charge([take(numbered(2, { limit: 8 }), 6)]);
    void store.giveBack([{ bucket: numbered(1, { limit: 8 }), cost: 7 }], clock.now());
    charge([numbered(3)]);
    expect([1, 2].map((n) => remembers(numbered(n, { limit: 8 })))).toEqual([false, true]);
  });

  it('forgets buckets that have expired before any other', () => {
    const { clock, charge, remembers } = createTest(4);
    const [short, long] = [{ duration: 10 }, { duration: 100 }];
    charge(
      [numbered(1, long)],
      [take(numbered(2, short), 2)],
      [take(numbered(3, short), 2)],
      [numbered(4, long)],
    );
    clock.advance(10);
    charge([numbered(5)], [numbered(6)]);
    expect([1, 4].map((n) => remembers(numbered(n, long)))).toEqual([true, true]);
    expect([5, 6].map((n) => remembers(numbered(n)))).toEqual([true, true]);
  });

  it('has room again for each bucket that is given back, and none taken by attempts that never fit', () => {
    const { clock, store, charge, remembers } = createTest(2);
    charge([numbered(1)]);
    charge([numbered(2)]);
    void store.giveBack([{ bucket: numbered(2), cost: 1 }], clock.now());
    charge([take(numbered(4), 3)]);
    charge([numbered(3)]);
    expect([1, 2, 3].map((n) => remembers(numbered(n)))).toEqual([true, false, true]);
  });

  it('goes on when one operation has more buckets than it may keep', () => {
    const { charge } = createTest(2);
    const four = [1, 2, 3, 4].map((n) => numbered(n));
    const decision = charge(four, four, four);
    expect(decision.denied.map((denied) => denied === undefined)).toEqual([true, true, false]);
    expect(decision.levels.map(({ remaining }) => remaining)).toEqual([0, 0, 0, 0]);
  });

  it('never has more buckets than it may, and always the one used last', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), histories, (maxBuckets, history) => {
        const { clock, charge, remembers } = createTest(maxBuckets);
        for (const { wait, n, cost } of history) {
          clock.advance(wait);
          const { denied } = charge([take(some(n), cost)]);
          if (denied[0] === undefined) expect(remembers(some(n))).toBe(true);
          expect(all.filter(remembers).length).toBeLessThanOrEqual(maxBuckets);
        }
      }),
    );
  });

  it('answers as if it were unbounded while it has room, after any history', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const [bounded, unbounded] = [createTest(all.length), createTest(Infinity)];
        for (const { wait, n, cost, isBack } of history) {
          const answers = [bounded, unbounded].map(({ clock, store, charge }) => {
            clock.advance(wait);
            if (!isBack) return charge([take(some(n), cost)], [some(n + 1)]);
            return store.giveBack([{ bucket: some(n), cost }], clock.now() - wait * 500);
          });
          expect(answers[0]).toEqual(answers[1]);
          expect(all.map(bounded.left)).toEqual(all.map(unbounded.left));
        }
      }),
    );
  });

  it('does not search all of its buckets for every new one when it is full', { timeout: 10_000 }, () => {
    const { charge, remembers } = createTest(100_000);
    for (let n = 0; n < 300_000; n += 1) charge([numbered(n)]);
    expect(remembers(numbered(299_999))).toBe(true);
  });
});

const strategies = ['FIXED_WINDOW', 'SLIDING_WINDOW', 'SLIDING_LOG', 'TOKEN_BUCKET'] as const;
const all = [1, 5, 60].flatMap((duration) =>
  strategies.flatMap((strategy) =>
    [1, 6].map((limit) => bucket({ key: `${strategy} ${limit}/${duration}`, duration, strategy, limit })),
  ),
);
const some = (n: number): Bucket => all[n % all.length] ?? bucket();
const histories = fc.array(
  fc.record({
    wait: fc.nat(3),
    n: fc.nat(all.length),
    cost: fc.integer({ min: 1, max: 6 }),
    isBack: fc.boolean(),
  }),
  { maxLength: 60 },
);
