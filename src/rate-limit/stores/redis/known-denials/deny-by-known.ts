import type { BucketDenial, Charge, Decision, OperationCharges, SelectionCharges } from '../../../store.ts';
import { isFresh, type KnownBucket, type KnownBuckets } from './known-buckets.ts';

/** What is known of the buckets of an operation, in their order, and the time now. */
interface Known {
  readonly buckets: readonly KnownBucket[];
  readonly now: number;
}

/** The decision on an operation of which every selection is known to be denied; undefined where that is not certain. */
export function denyByKnown(
  { buckets, selections }: OperationCharges,
  knownBuckets: KnownBuckets,
  now: number,
): Decision | undefined {
  const found: KnownBucket[] = [];
  for (const bucket of buckets) {
    const known = knownBuckets.find(bucket, now);
    if (known === undefined) return undefined;
    found.push(known);
  }
  const [first] = found;
  if (first === undefined || selections.length === 0) return undefined;
  const takenAt = Math.floor(first.takenAt + now - first.askedAt);
  if (found.some(({ level }) => level.resetAt !== null && level.resetAt <= takenAt)) return undefined;
  const denied = denyEach(selections, { buckets: found, now });
  return (
    denied && { takenAt, refused: undefined, denied, reported: [], levels: found.map(({ level }) => level) }
  );
}

function denyEach(selections: readonly SelectionCharges[], known: Known): BucketDenial[] | undefined {
  const denied: BucketDenial[] = [];
  // Selections that ask for the same, as aliases do, are denied for the same.
  const shared = new Map<readonly Charge[], BucketDenial>();
  for (const { charges, under } of selections) {
    const above = under === undefined ? undefined : denied[under];
    const denial =
      above === undefined ? (shared.get(charges) ?? deny(charges, known)) : deny(charges, known, above);
    if (denial === undefined) return undefined;
    if (above === undefined) shared.set(charges, denial);
    denied.push(denial);
  }
  return denied;
}

/** Why a selection is denied: the longest of its waits, which may be that of the one above. */
function deny(charges: readonly Charge[], known: Known, above?: BucketDenial): BucketDenial | undefined {
  let denial = above;
  for (const charge of charges) {
    if (!charge.enforced) continue;
    const retryAfter = waitFor(charge, known);
    if (retryAfter === undefined) return undefined;
    const { bucket, cost } = charge;
    if (retryAfter > (denial?.retryAfter ?? 0)) denial = { bucket, cost, retryAfter };
  }
  return denial;
}

/** Milliseconds that a charge is known to have to wait, 0 if it seems to fit; undefined if only the store can say. */
function waitFor({ bucket, cost }: Charge, { buckets, now }: Known): number | undefined {
  const known = buckets[bucket];
  const wait = known?.waits.get(cost);
  if (wait !== undefined && isFresh(wait.askedAt, now) && now < wait.until) return Math.ceil(wait.end - now);
  return cost <= (known?.level.remaining ?? 0) ? 0 : undefined;
}
