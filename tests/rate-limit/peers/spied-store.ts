import { type BucketStore, createMemoryStore } from '../../../src/rate-limit/index.ts';
import type { OperationCharges } from '../../../src/rate-limit/store.ts';
import { FakeClock } from '../../support/fake-clock.ts';

export interface SpiedStore {
  readonly clock: FakeClock;
  readonly store: BucketStore;
  /** What was charged, an entry for each call. */
  readonly calls: readonly OperationCharges[];
  /** The keys of all buckets that were ever charged. */
  readonly keys: () => readonly string[];
}

/** A memory store that tells what it was called with. */
export function spiedStore(): SpiedStore {
  const clock = new FakeClock();
  const memory = createMemoryStore({ clock });
  const calls: OperationCharges[] = [];
  const store: BucketStore = {
    ...memory,
    charge(charges) {
      calls.push(charges);
      return memory.charge(charges);
    },
  };
  const keys = () => calls.flatMap(({ buckets }) => buckets.map(({ key }) => key));
  return { clock, store, calls, keys };
}

/** A memory store that answers as one on the network does: later, with promises. */
export function distantStore(): Pick<SpiedStore, 'clock' | 'store'> {
  const { clock, store } = spiedStore();
  const distant: BucketStore = {
    async charge(charges) {
      await turn();
      return store.charge(charges);
    },
    async giveBack(taken, takenAt) {
      await turn();
      await store.giveBack(taken, takenAt);
    },
    async levels(buckets) {
      await turn();
      return store.levels(buckets);
    },
  };
  return { clock, store: distant };
}

/** Lets everything else go on that can. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
