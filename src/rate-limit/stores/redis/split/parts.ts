import type { Bucket, Charge, OperationCharges } from '../../../store.ts';
import type { Holdings } from './holdings.ts';
import type { Shard, ShardOf } from './shard.ts';

/** The buckets of an operation that are in one shard. */
export interface Part {
  readonly buckets: readonly Bucket[];
  /** Their indices here, by those in the operation. */
  readonly places: ReadonlyMap<number, number>;
}

/** Whether all buckets are in one shard. */
export function isInOne(buckets: readonly Bucket[], shardOf: ShardOf): boolean {
  const [first] = buckets;
  if (first === undefined || buckets.length === 1) return true;
  const shard = shardOf(first.key);
  return buckets.every((bucket) => bucket === first || shardOf(bucket.key) === shard);
}

export function partsOf(buckets: readonly Bucket[], shardOf: ShardOf): readonly Part[] {
  const parts = new Map<Shard, { buckets: Bucket[]; places: Map<number, number> }>();
  for (const [index, bucket] of buckets.entries()) {
    const shard = shardOf(bucket.key);
    const part = parts.get(shard) ?? { buckets: [], places: new Map<number, number>() };
    parts.set(shard, part);
    part.places.set(index, part.buckets.push(bucket) - 1);
  }
  return [...parts.values()];
}

const none: readonly Charge[] = [];

/** What is left to charge of an operation in one shard: all selections, with what they do not hold yet. */
export function chargesIn(
  part: Part,
  { selections }: OperationCharges,
  holdings: Holdings,
  isDenied: ReadonlySet<number>,
): OperationCharges {
  // Selections that share their charges go on sharing them, which stores make use of.
  const shared = new Map<readonly Charge[], readonly Charge[]>();
  const all = (charges: readonly Charge[]): readonly Charge[] => {
    const known = shared.get(charges) ?? placed(part, charges);
    shared.set(charges, known);
    return known;
  };
  return {
    buckets: part.buckets,
    selections: selections.map(({ charges, under }, index) => ({
      charges: holdings.isHolding(index)
        ? placed(
            part,
            charges.filter(({ bucket }) => !holdings.has(index, bucket)),
          )
        : all(charges),
      under,
      isDenied: isDenied.has(index),
    })),
  };
}

function placed({ places }: Part, charges: readonly Charge[]): readonly Charge[] {
  const found = charges.flatMap((charge) => {
    const bucket = places.get(charge.bucket);
    return bucket === undefined ? [] : [{ ...charge, bucket }];
  });
  return found.length === 0 ? none : found;
}
