import type { SelectionCharges } from './store.ts';

/** The units that an operation asks of a bucket, by its index. */
export interface BucketCost {
  readonly bucket: number;
  readonly cost: number;
}

const known = new WeakMap<readonly SelectionCharges[], readonly BucketCost[]>();

/**
 * What an operation asks of each bucket, in the order of its selections. Most executions of an operation share their
 * charges, and so this.
 */
export function costsOf(selections: readonly SelectionCharges[]): readonly BucketCost[] {
  const before = known.get(selections);
  if (before !== undefined) return before;
  const costs = new Map<number, number>();
  for (const { charges } of selections) {
    for (const { bucket, cost } of charges) costs.set(bucket, (costs.get(bucket) ?? 0) + cost);
  }
  const all = [...costs].map(([bucket, cost]) => ({ bucket, cost }));
  known.set(selections, all);
  return all;
}
