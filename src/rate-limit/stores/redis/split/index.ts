import type { Bucket, BucketStore, Decision, OperationCharges } from '../../../store.ts';
import type { Level } from '../../../strategies/index.ts';
import { giveBackEach } from './give-back.ts';
import { mergeLevels } from './merge.ts';
import { isInOne, partsOf } from './parts.ts';
import type { ShardOf } from './shard.ts';
import { Spanning } from './spanning.ts';

export interface SplitStoreOptions {
  /** Where a bucket is, such as its hash slot on a Redis Cluster. */
  readonly shardOf: ShardOf;
  /** Is only ever asked for buckets of one shard in one call. */
  readonly store: BucketStore;
}

/** When a bucket's units were taken by the clock of its shard, where the decision says another time. */
interface OwnTime {
  readonly decision: number;
  readonly own: number;
}

/**
 * Lets a store be used that cannot take a step over several shards, as a script of Redis Cluster cannot. Operations in
 * one shard go through as they are. Those over several come out as they would from one store, while nobody else charges
 * the same buckets at the same time; otherwise a selection may be denied for units that another one held for a moment
 * and gave back, and never is more let through than a limit allows.
 *
 * The clocks of shards differ, and a decision has one time only, the smallest of theirs. The shard's own times are kept
 * beside, for as long as the operation's bucket objects are in use: what is given back has to name these very objects.
 * Where it does not, or where selections of one operation took from one bucket at different times because shards had
 * disagreed, the earlier time is used: units may then stay taken until their time is over, and none are given twice.
 */
export function createSplitStore({ shardOf, store }: SplitStoreOptions): BucketStore {
  const times = new WeakMap<Bucket, OwnTime>();

  const timeOf = (bucket: Bucket, takenAt: number): number => {
    const time = times.get(bucket);
    return time?.decision === takenAt ? time.own : takenAt;
  };

  async function chargeSpanning(operation: OperationCharges): Promise<Decision> {
    const spanning = new Spanning(operation, store, shardOf);
    const decision = await spanning.charge();
    for (const [index, own] of spanning.times()) {
      const bucket = operation.buckets[index];
      if (bucket !== undefined && own !== decision.takenAt)
        times.set(bucket, { decision: decision.takenAt, own });
    }
    return decision;
  }

  async function levelsSpanning(buckets: readonly Bucket[]): Promise<readonly Level[]> {
    const parts = partsOf(buckets, shardOf);
    return mergeLevels(
      await Promise.all(parts.map(async (part) => ({ part, levels: await store.levels(part.buckets) }))),
    );
  }

  return {
    charge(operation) {
      return isInOne(operation.buckets, shardOf) ? store.charge(operation) : chargeSpanning(operation);
    },

    giveBack(taken, takenAt) {
      const [first] = taken;
      const isPlain = taken.every(({ bucket }) => timeOf(bucket, takenAt) === takenAt);
      if (first === undefined || (taken.length === 1 && isPlain)) return store.giveBack(taken, takenAt);
      const returned = taken.map((each) => ({ ...each, takenAt: timeOf(each.bucket, takenAt) }));
      return giveBackEach(store, shardOf, returned);
    },

    levels(buckets) {
      return isInOne(buckets, shardOf) ? store.levels(buckets) : levelsSpanning(buckets);
    },
  };
}
