import { isPromise, type MaybePromise } from '@whatwg-node/promise-helpers';
import { describe, expect, it, vi } from 'vitest';
import type { BucketStore, Decision, OperationCharges } from '../../../src/rate-limit/store.ts';
import { createGuardedStore } from '../../../src/rate-limit/stores/guarded.ts';
import { createMemoryStore } from '../../../src/rate-limit/stores/memory/index.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { bucket, operation, report, take } from './operations.ts';

type Failure = 'throws' | 'rejects' | 'is known not to work';

const failures: readonly Failure[] = ['throws', 'rejects', 'is known not to work'];
const modes = ['local', 'allow', 'deny'] as const;

/** A store that works until a test says otherwise, and counts how often it is asked. */
function createTest(onFailure: (typeof modes)[number]) {
  const clock = new FakeClock();
  const memory = createMemoryStore({ clock });
  let failure: Failure | undefined;
  const asked = vi.fn();
  function answer<Value>(action: () => MaybePromise<Value>): MaybePromise<Value> {
    asked();
    if (failure === 'rejects') return Promise.reject(new Error('down'));
    if (failure !== undefined) throw new Error('down');
    return action();
  }
  const local = createMemoryStore({ clock });
  const told: unknown[] = [];
  const store = createGuardedStore({
    onError: (error) => told.push(error),
    store: {
      charge: (charges) => answer(() => memory.charge(charges)),
      giveBack: (taken, takenAt) => answer(() => memory.giveBack(taken, takenAt)),
      levels: (buckets) => answer(() => memory.levels(buckets)),
    },
    isOpen: () => failure === 'is known not to work',
    onFailure,
    local,
  });
  const fail = (as: Failure | undefined): void => {
    failure = as;
    asked.mockClear();
  };
  return { clock, memory, local, store, asked, told, fail };
}

const left = async (store: BucketStore): Promise<number | undefined> =>
  (await store.levels([bucket()]))[0]?.remaining;

/** What no store has judged, but for who is denied. */
const unfounded = ({ buckets }: OperationCharges, denied: Decision['denied']): Decision => ({
  takenAt: 0,
  denied,
  reported: [],
  levels: buckets.map(({ rule }) => ({ remaining: rule.limit, resetAt: null })),
  isUnfounded: true,
});

describe('a guarded store', () => {
  it.each(modes)('is the store behind it while that works (%s)', async (mode) => {
    const { store, memory, local } = createTest(mode);
    const charges = operation([[take(bucket(), 2)], [bucket()]]);
    const decision = await store.charge(charges);
    expect(decision.denied.map((denied) => denied === undefined)).toEqual([true, false]);
    expect([decision.takenBy, decision.isUnfounded]).toEqual([undefined, undefined]);
    expect(await left(store)).toBe(0);
    await store.giveBack([{ bucket: bucket(), cost: 1 }], decision.takenAt);
    expect([await left(memory), await left(local)]).toEqual([1, 2]);
  });

  it('makes nobody wait while the store is known not to work, or need not wait itself', () => {
    for (const mode of modes) {
      const { store, fail } = createTest(mode);
      for (const failure of [undefined, 'throws', 'is known not to work'] as const) {
        fail(failure);
        expect(isPromise(store.charge(operation([[bucket()]])))).toBe(false);
        expect(isPromise(store.levels([bucket()]))).toBe(false);
        expect(store.giveBack([{ bucket: bucket(), cost: 1 }], 0)).toBeUndefined();
      }
    }
  });

  describe.each(failures)('whose store %s', (failure) => {
    const timesAsked = failure === 'is known not to work' ? 0 : 1;

    it.each(modes)('sends no charge a second time (%s)', async (mode) => {
      const { store, asked, told, fail } = createTest(mode);
      fail(failure);
      await store.charge(operation([[bucket()]]));
      expect(asked).toHaveBeenCalledTimes(timesAsked);
      expect(told).toHaveLength(timesAsked);
    });

    it('judges by the local store, where what it took is given back', async () => {
      const { store, memory, local, fail } = createTest('local');
      await store.charge(operation([[bucket()]]));
      fail(failure);
      const decision = await store.charge(operation([[take(bucket(), 2)], [bucket()]]));
      expect(decision.denied.map((denied) => denied === undefined)).toEqual([true, false]);
      expect(decision.takenBy).toBe(local);
      expect(decision.isUnfounded).toBeUndefined();
      expect(await left(store)).toBe(0);
      fail(undefined);
      await decision.takenBy?.giveBack([{ bucket: bucket(), cost: 2 }], decision.takenAt);
      expect([await left(local), await left(memory)]).toEqual([2, 1]);
    });

    it('allows everything where it is told to', async () => {
      const { store, local, fail } = createTest('allow');
      fail(failure);
      const charges = operation([[take(bucket(), 3)], [], { asks: [bucket()], under: 0 }]);
      expect(await store.charge(charges)).toEqual(unfounded(charges, [undefined, undefined, undefined]));
      expect(await left(store)).toBe(2);
      expect(await left(local)).toBe(2);
    });

    it('denies whatever a limit is enforced on where it is told to, and what lies under it', async () => {
      const { store, fail } = createTest('deny');
      fail(failure);
      const [a, b] = [bucket({ key: 'a' }), bucket({ key: 'b' })];
      const charges = operation([
        [report(a), take(b, 2)],
        { asks: [], under: 0 },
        { asks: [a], under: 1 },
        [report(a, 9)],
        [],
        { asks: [a], under: 4 },
      ]);
      const [byB, byA] = [
        { bucket: 1, cost: 2, retryAfter: 0 },
        { bucket: 0, cost: 1, retryAfter: 0 },
      ];
      expect(await store.charge(charges)).toEqual(
        unfounded(charges, [byB, byB, byB, undefined, undefined, byA]),
      );
      expect(await left(store)).toBe(2);
    });

    it.each(modes)('drops what cannot be given back (%s)', async (mode) => {
      const { store, memory, local, asked, fail, clock } = createTest(mode);
      await store.charge(operation([[take(bucket(), 2)]]));
      fail(failure);
      await store.giveBack([{ bucket: bucket(), cost: 2 }], clock.now());
      expect(asked).toHaveBeenCalledTimes(timesAsked);
      expect([await left(memory), await left(local)]).toEqual([0, 2]);
    });

    it('goes back to the store once that works', async () => {
      const { store, fail } = createTest('local');
      fail(failure);
      await store.charge(operation([[take(bucket(), 2)]]));
      fail(undefined);
      const decision = await store.charge(operation([[bucket()]]));
      expect(decision.takenBy).toBeUndefined();
      expect(decision.levels).toMatchObject([{ remaining: 1 }]);
    });
  });
});
