import type { Policy } from './policy.ts';
import type { SelectionCharges } from './store.ts';

/**
 * How full a bucket is after an operation.
 *
 * @example
 * ```ts
 * import type { BucketState, RequestContext } from 'sluice';
 *
 * // What is left to the caller, by the names of the policies.
 * export async function unitsLeft({ rateLimits }: RequestContext): Promise<Map<string, number>> {
 *   const buckets: readonly BucketState[] = await rateLimits();
 *   return new Map(buckets.map(({ policy, remaining }) => [policy.name, remaining]));
 * }
 * ```
 */
export interface BucketState {
  readonly policy: Policy;
  /** The caller's limit in it. */
  readonly limit: number;
  /** Seconds. */
  readonly window: number;
  /** Units that the operation asked for in it. */
  readonly cost: number;
  /** Units left. */
  readonly remaining: number;
  /** When all units are back, in milliseconds since the epoch; null while none is used. */
  readonly resetAt: number | null;
}

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
