import type { Bucket, BucketStore, OperationCharges } from '../../../src/rate-limit/store.ts';
import { createMemoryStore } from '../../../src/rate-limit/stores/memory/index.ts';
import type { Shard, ShardOf } from '../../../src/rate-limit/stores/redis/split/parts.ts';
import type { FakeClock } from '../../support/fake-clock.ts';

export interface ShardedMemory {
  readonly store: BucketStore;
  /** What was charged, an entry for each call. */
  readonly calls: readonly OperationCharges[];
  /** A shard's own store. */
  readonly of: (shard: Shard) => BucketStore;
}

/**
 * A memory store for each shard. Throws if it is ever asked for buckets of two in one call.
 * @param clockOf the clock of a shard
 */
export function shardedMemory(shardOf: ShardOf, clockOf: (shard: Shard) => FakeClock): ShardedMemory {
  const shards = new Map<Shard, BucketStore>();
  const calls: OperationCharges[] = [];

  const of = (shard: Shard): BucketStore => {
    const store = shards.get(shard) ?? createMemoryStore({ clock: clockOf(shard) });
    shards.set(shard, store);
    return store;
  };

  const only = (buckets: readonly Bucket[]): BucketStore => {
    const asked = new Set(buckets.map(({ key }) => shardOf(key)));
    if (asked.size > 1) throw new Error('CROSSSLOT: one call asks for buckets of several shards.');
    return of([...asked][0] ?? 'none');
  };

  const store: BucketStore = {
    charge(charges) {
      calls.push(charges);
      return only(charges.buckets).charge(charges);
    },
    giveBack: (taken, takenAt) => only(taken.map(({ bucket }) => bucket)).giveBack(taken, takenAt),
    levels: (buckets) => only(buckets).levels(buckets),
  };
  return { store, calls, of };
}
