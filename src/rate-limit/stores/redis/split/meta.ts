import type { Bucket, BucketDenial, BucketStore, Charge, Decision } from '../../../store.ts';
import type { Level } from '../../../strategies/index.ts';

/** How it stands with the bucket that counts denials. */
export interface MetaAnswer {
  readonly takenAt: number;
  readonly level: Level | undefined;
  /** Milliseconds until it has a unit again; 0 if it has one. */
  readonly retryAfter: number;
}

/** One call that takes units from the bucket that counts denials, as far as it has any, and says what is left. */
export async function chargeMeta(store: BucketStore, bucket: Bucket, units: number): Promise<MetaAnswer> {
  const charges: readonly Charge[] = [{ bucket: 0, cost: 1, enforced: true }];
  // More than the limit there can never be, and to whom one unit was denied the next would be too.
  const taking = Array.from({ length: Math.min(units, bucket.rule.limit) }, () => ({ charges }));
  const decision = await store.charge({
    buckets: [bucket],
    selections: [...taking, { charges, isDenied: true }],
  });
  return { takenAt: decision.takenAt, level: decision.levels[0], retryAfter: waitIn(decision) };
}

/** The last selection takes nothing and tells of the wait. */
function waitIn({ denied }: Decision): number {
  return denied.at(-1)?.retryAfter ?? 0;
}

export function denialByMeta(bucket: number, { retryAfter }: MetaAnswer): BucketDenial {
  return { bucket, cost: 1, retryAfter };
}
