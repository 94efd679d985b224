import type { Bucket, BucketStore, Charge } from '../../../store.ts';
import type { Level } from '../../../strategies/index.ts';

/** How it stands with the bucket that counts denials. */
export interface Denials {
  readonly takenAt: number;
  readonly level: Level | undefined;
  /** Milliseconds until it has a unit again; 0 if it has one. */
  readonly retryAfter: number;
}

/** Takes units from the bucket that counts denials, as far as it has any, and says what is left. */
export async function takeDenials(store: BucketStore, bucket: Bucket, units: number): Promise<Denials> {
  const charges: readonly Charge[] = [{ bucket: 0, cost: 1, enforced: true }];
  // More than the limit there can never be, and to whom one unit was denied the next would be too.
  const taking = Array.from({ length: Math.min(units, bucket.rule.limit) }, () => ({ charges }));
  // The last selection takes nothing and tells of the wait.
  const decision = await store.charge({
    buckets: [bucket],
    selections: [...taking, { charges, isDenied: true }],
  });
  const retryAfter = decision.denied.at(-1)?.retryAfter ?? 0;
  return { takenAt: decision.takenAt, level: decision.levels[0], retryAfter };
}
