import type { Bucket, BucketDenial, Decision, OperationCharges, SelectionCharges } from '../store.ts';
import type { Level } from '../strategies/index.ts';

/** What becomes of an operation while no store can be asked. */
export type WithoutStore = 'allow' | 'deny';

/** A decision that no store has given: all is allowed, or whatever a limit is enforced on is denied. */
export function unfoundedDecision(charges: OperationCharges, mode: WithoutStore): Decision {
  const { selections, buckets } = charges;
  const denied = mode === 'deny' ? denyEnforced(selections) : selections.map(() => undefined);
  return { takenAt: 0, denied, reported: [], levels: fullLevels(buckets), isUnfounded: true };
}

/** Levels of buckets that nothing is known of. */
export function fullLevels(buckets: readonly Bucket[]): Level[] {
  return buckets.map(({ rule }) => ({ remaining: rule.limit, resetAt: null }));
}

function denyEnforced(selections: readonly SelectionCharges[]): (BucketDenial | undefined)[] {
  const denied: (BucketDenial | undefined)[] = [];
  for (const { charges, under } of selections) {
    const above = under === undefined ? undefined : denied[under];
    const enforced = charges.find((charge) => charge.enforced);
    const own = enforced && { bucket: enforced.bucket, cost: enforced.cost, retryAfter: 0 };
    denied.push(above ?? own);
  }
  return denied;
}
