import type { BucketStore, Taken } from '../../../store.ts';
import type { ShardOf } from './shard.ts';

/** Units to give back, with the time at which their shard says that it gave them. */
export interface Returned extends Taken {
  readonly takenAt: number;
}

/** Gives units back, each shard's with its own times. */
export async function giveBackEach(
  store: BucketStore,
  shardOf: ShardOf,
  returned: readonly Returned[],
): Promise<void> {
  const calls = [...Map.groupBy(returned, ({ bucket }) => shardOf(bucket.key)).values()].flatMap((own) => [
    ...Map.groupBy(own, ({ takenAt }) => takenAt),
  ]);
  await Promise.all(
    calls.map(async ([takenAt, all]) => {
      await store.giveBack(
        all.map(({ bucket, cost }) => ({ bucket, cost })),
        takenAt,
      );
    }),
  );
}
