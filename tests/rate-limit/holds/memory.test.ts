import { describe } from 'vitest';
import type { BucketStore } from '../../../src/rate-limit/store.ts';
import { createMemoryStore } from '../../../src/rate-limit/stores/memory/index.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { turns } from './attempts.ts';
import { describeHolds } from './holds.contract.ts';

describe('holds in memory', () => {
  describeHolds(() => [createMemoryStore({ clock: new FakeClock() })], { runs: 200 });
});

describe('holds of three processes in a store that is a way off', () => {
  describeHolds(
    () => {
      const store = createMemoryStore({ clock: new FakeClock() });
      return [distant(store, 0), distant(store, 1), distant(store, 2)];
    },
    { runs: 20 },
  );
});

/** A store to which calls take some turns of the event loop, more or less, and back. */
function distant(store: BucketStore, way: number): BucketStore {
  const reach = async <Value>(action: () => Value): Promise<Awaited<Value>> => {
    await turns(way);
    const value = await action();
    await turns((way * 7) % 3);
    return value;
  };
  return {
    charge: (charges) => reach(() => store.charge(charges)),
    giveBack: (taken, takenAt) => reach(() => store.giveBack(taken, takenAt)),
    levels: (buckets) => reach(() => store.levels(buckets)),
  };
}
