import type { SelectionCharges } from './store.ts';

const known = new WeakMap<readonly SelectionCharges[], ReadonlyMap<number, number>>();

/**
 * The units that an operation asks for, by the index of the bucket, in the order of its selections. Most executions of
 * an operation share their charges, and so this.
 */
export function costsOf(selections: readonly SelectionCharges[]): ReadonlyMap<number, number> {
  const before = known.get(selections);
  if (before !== undefined) return before;
  const costs = new Map<number, number>();
  for (const { charges } of selections) {
    for (const { bucket, cost } of charges) costs.set(bucket, (costs.get(bucket) ?? 0) + cost);
  }
  known.set(selections, costs);
  return costs;
}
