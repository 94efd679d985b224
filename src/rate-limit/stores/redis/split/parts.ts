import type { Bucket, Charge, OperationCharges, SelectionCharges } from '../../../store.ts';

/** What places a bucket: those with an equal one are in one shard. */
/** @internal */
export type Shard = string | number;
export type ShardOf = (bucketKey: string) => Shard;

/** The buckets of an operation that are in one shard. */
export interface Part {
  readonly buckets: readonly Bucket[];
  /** Their indices in the operation, in the order of `buckets`. */
  readonly indices: readonly number[];
}

/** Whether all buckets are in one shard. */
export function isInOne(buckets: readonly Bucket[], shardOf: ShardOf): boolean {
  const [first] = buckets;
  if (first === undefined || buckets.length === 1) return true;
  const shard = shardOf(first.key);
  return buckets.every((bucket) => bucket === first || shardOf(bucket.key) === shard);
}

export function partsOf(buckets: readonly Bucket[], shardOf: ShardOf): readonly Part[] {
  const shards = Map.groupBy(buckets.entries(), ([, { key }]) => shardOf(key));
  return Array.from(shards.values(), (entries) => ({
    buckets: entries.map(([, bucket]) => bucket),
    indices: entries.map(([index]) => index),
  }));
}

/** What all selections of an operation ask of one shard. */
export function chargesIn(
  { buckets, indices }: Part,
  selections: readonly SelectionCharges[],
  denied: ReadonlySet<number>,
): OperationCharges {
  const places = new Map(indices.map((index, place) => [index, place]));
  // Selections that share their charges go on sharing them, which stores make use of.
  const shared = new Map<readonly Charge[], readonly Charge[]>();
  const placed = (charges: readonly Charge[]): readonly Charge[] => {
    const known = shared.get(charges) ?? charges.flatMap((charge) => at(charge, places.get(charge.bucket)));
    shared.set(charges, known);
    return known;
  };
  return {
    buckets,
    selections: selections.map(({ charges, under }, index) => ({
      charges: placed(charges),
      under,
      isDenied: denied.has(index),
    })),
  };
}

function at(charge: Charge, bucket: number | undefined): Charge[] {
  return bucket === undefined ? [] : [{ ...charge, bucket }];
}

/** What is told of each shard's buckets, in the operation's order. */
export function merge<Told>(told: readonly { part: Part; values: readonly Told[] }[]): Told[] {
  const merged: Told[] = [];
  for (const { part, values } of told) {
    for (const [place, value] of values.entries()) {
      const index = part.indices[place];
      if (index !== undefined) merged[index] = value;
    }
  }
  return merged;
}
