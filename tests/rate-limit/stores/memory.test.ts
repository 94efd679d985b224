import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Charge } from '../../../src/rate-limit/charge.ts';
import { createMemoryStore } from '../../../src/rate-limit/stores/memory.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { charge } from '../../support/policies.ts';
import { describeStore } from '../store.contract.ts';

function bucket(n: number, duration = 60): Charge {
  return { ...charge({ duration, limit: 2 }), bucket: `test|ip:${n}` };
}

function createTest(maxBuckets: number) {
  const clock = new FakeClock();
  const store = createMemoryStore({ clock, maxBuckets });
  const remembers = (of: Charge): boolean => store.level(of).remaining < of.limit;
  return { clock, store, remembers };
}

describe('the memory store', () => {
  describeStore((clock) => createMemoryStore({ clock }));

  it('forgets the oldest bucket when it is full', () => {
    const { store, remembers } = createTest(3);
    store.charge([[bucket(1)], [bucket(2)], [bucket(3)], [bucket(4)]]);
    expect([1, 2, 3, 4].map((n) => remembers(bucket(n)))).toEqual([false, true, true, true]);
  });

  it('forgets buckets that have expired before any other', () => {
    const { clock, store, remembers } = createTest(4);
    store.charge([[bucket(1, 100)], [bucket(2, 10)], [bucket(3, 10)], [bucket(4, 100)]]);
    clock.advance(10);
    store.charge([[bucket(5)], [bucket(6)]]);
    expect([1, 4].map((n) => remembers(bucket(n, 100)))).toEqual([true, true]);
    expect([5, 6].map((n) => remembers(bucket(n)))).toEqual([true, true]);
  });

  it('forgets nothing for a bucket that it knows already', () => {
    const { store, remembers } = createTest(2);
    store.charge([[bucket(1)], [bucket(2)], [bucket(2)], [bucket(2)]]);
    expect([1, 2].map((n) => remembers(bucket(n)))).toEqual([true, true]);
  });

  it('has room again for each bucket that is given back', () => {
    const { clock, store, remembers } = createTest(2);
    store.charge([[bucket(1)], [bucket(2)]]);
    store.giveBack([bucket(2)], clock.now());
    store.charge([[bucket(3)]]);
    expect([1, 2, 3].map((n) => remembers(bucket(n)))).toEqual([true, false, true]);
  });

  it('never keeps more buckets than it may, and always the one that was used last', () => {
    const uses = fc.array(
      fc.record({ n: fc.nat(30), duration: fc.constantFrom(1, 5, 60), wait: fc.nat(3) }),
      { maxLength: 80 },
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), uses, (maxBuckets, history) => {
        const { clock, store, remembers } = createTest(maxBuckets);
        const used = new Map<string, Charge>();
        for (const { n, duration, wait } of history) {
          clock.advance(wait);
          const each = { ...bucket(n, duration), bucket: `${n}/${duration}` };
          const [verdict] = store.charge([[each]]);
          used.set(each.bucket, each);
          if (verdict?.allowed === true) expect(remembers(each)).toBe(true);
          expect([...used.values()].filter(remembers).length).toBeLessThanOrEqual(maxBuckets);
        }
      }),
    );
  });

  it('does not search all of its buckets for every new one when it is full', { timeout: 10_000 }, () => {
    const { store, remembers } = createTest(100_000);
    for (let n = 0; n < 300_000; n += 1) store.charge([[bucket(n)]]);
    expect(remembers(bucket(299_999))).toBe(true);
  });
});
