import type { BucketState } from './bucket-state.ts';

/** `extensions.cost`: what an operation costs, and what its caller has left where a limit counts that. */
export interface CostExtension {
  /** What the operation costs, by `@cost` and `@listSize`, known before it ran. */
  readonly requested: number;
  /** What the operations of one request may cost together. */
  readonly maximum: number;
  /** Of the limit that counts cost and of which the least is left: its units. */
  readonly limit?: number;
  /** Units that are left of it. */
  readonly remaining?: number;
  /** Units that come back a second, on average. */
  readonly restoreRate?: number;
  /** When all units are back: ISO 8601, UTC; null while none is used. */
  readonly resetAt?: string | null;
}

/** @param states the buckets after the operation */
export function costExtension(
  requested: number,
  maximum: number,
  states: readonly BucketState[],
): CostExtension {
  const counting = states.filter(({ policy }) => policy.unit === 'COST');
  const [tightest] = counting.toSorted((a, b) => a.remaining / a.limit - b.remaining / b.limit);
  const whole = { requested: Math.ceil(requested), maximum };
  if (tightest === undefined) return whole;
  const { limit, remaining, window, resetAt } = tightest;
  return {
    ...whole,
    limit,
    remaining,
    restoreRate: limit / window,
    resetAt: resetAt === null ? null : new Date(resetAt).toISOString(),
  };
}
