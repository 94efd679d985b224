import type { Bucket, BucketStore, Taken } from '../../../store.ts';
import type { Level } from '../../../strategies/index.ts';
import { isInOne, merge, partsOf, type ShardOf } from './parts.ts';
import type { Returned } from './round.ts';
import { chargeSpanning } from './spanning.ts';

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
 */
export function createSplitStore({ shardOf, store }: SplitStoreOptions): BucketStore {
  const times = new WeakMap<Bucket, OwnTime>();

  const withTime = (taken: Taken, takenAt: number): Returned => {
    const time = times.get(taken.bucket);
    return { ...taken, takenAt: time?.decision === takenAt ? time.own : takenAt };
  };

  const levelsOf = async (buckets: readonly Bucket[]): Promise<Level[]> =>
    merge(
      await Promise.all(
        partsOf(buckets, shardOf).map(async (part) => ({ part, values: await store.levels(part.buckets) })),
      ),
    );

  /** Gives units back, each shard's with its own times. */
  async function giveBackEach(returned: readonly Returned[]): Promise<void> {
    const calls = Map.groupBy(returned, ({ bucket, takenAt }) => `${shardOf(bucket.key)} ${takenAt}`);
    await Promise.all(
      Array.from(calls.values(), async (taken) =>
        store.giveBack(
          taken.map(({ bucket, cost }) => ({ bucket, cost })),
          taken[0]?.takenAt ?? 0,
        ),
      ),
    );
  }

  return {
    charge(operation) {
      if (isInOne(operation.buckets, shardOf)) return store.charge(operation);
      return chargeSpanning(operation, {
        parts: partsOf(operation.buckets, shardOf),
        store,
        levelsOf,
        giveBackEach,
        onTaken(bucket, own, decision) {
          if (own !== decision) times.set(bucket, { decision, own });
        },
      });
    },

    giveBack(taken, takenAt) {
      const returned = taken.map((each) => withTime(each, takenAt));
      const [first] = returned;
      const isPlain = first === undefined || (returned.length === 1 && first.takenAt === takenAt);
      return isPlain ? store.giveBack(taken, takenAt) : giveBackEach(returned);
    },

    levels: (buckets) => (isInOne(buckets, shardOf) ? store.levels(buckets) : levelsOf(buckets)),
  };
}
