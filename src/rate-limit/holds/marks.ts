import type { Bucket, Charge, Decision, OperationCharges, Taken } from '../store.ts';

/** How long an attempt is taken to be under way at most, in milliseconds: whoever has it may have died. */
const leaseMs = 10_000;
/** The most units under way that a bucket's mark counts. What is beyond is not waited for. */
const mostMarked = 1000;

const marks = new WeakMap<Bucket, Bucket>();

/**
 * The bucket beside a bucket, in the same store and the same place of it, that has a unit for each unit there of which
 * the outcome is not known yet. So all processes know how much of what is taken may come back.
 */
export function markOf(bucket: Bucket): Bucket {
  const known = marks.get(bucket);
  if (known !== undefined) return known;
  const afterName = bucket.key.indexOf('|') + 1;
  const key = `${bucket.key.slice(0, afterName)}~${bucket.key.slice(afterName)}`;
  const mark: Bucket = { key, strategy: 'SLIDING_LOG', rule: { limit: mostMarked, duration: leaseMs } };
  // Always the same object: stores may know by it when its units were taken.
  marks.set(bucket, mark);
  return mark;
}

/** An operation that also takes from the marks of its buckets. */
export interface Marked {
  readonly operation: OperationCharges;
  /** How many of its buckets, which come first, are its own. */
  readonly own: number;
  /** The index of each bucket's mark, by the bucket's index. */
  readonly markAt: ReadonlyMap<number, number>;
}

export function marked({ buckets, selections, meta }: OperationCharges): Marked {
  const all = [...buckets];
  const markAt = new Map<number, number>();
  for (const [index, bucket] of buckets.entries()) {
    if (bucket.awaitsOutcome === true) markAt.set(index, all.push(markOf(bucket)) - 1);
  }
  // Selections that share their charges go on sharing them, which stores make use of.
  const known = new Map<readonly Charge[], readonly Charge[]>();
  const withMarks = (charges: readonly Charge[]): readonly Charge[] => {
    const before = known.get(charges);
    if (before !== undefined) return before;
    const more = charges.flatMap(({ bucket, cost }) => {
      const mark = markAt.get(bucket);
      return mark === undefined ? [] : [{ bucket: mark, cost, enforced: false }];
    });
    const extended = more.length === 0 ? charges : [...charges, ...more];
    known.set(charges, extended);
    return extended;
  };
  const extended = selections.map((each) => ({ ...each, charges: withMarks(each.charges) }));
  return { operation: { buckets: all, selections: extended, meta }, own: buckets.length, markAt };
}

/** The decision as the operation knows it, without what is said of marks. */
export function withoutMarks({ own }: Marked, decision: Decision): Decision {
  return {
    ...decision,
    reported: decision.reported.filter(({ bucket }) => bucket < own),
    levels: decision.levels.slice(0, own),
  };
}

/** How many units of a bucket are under way, by what its mark has left. */
export function unitsUnderWay(remainingOfMark: number): number {
  return mostMarked - remainingOfMark;
}

/** Everything that a decision took, by the index of the bucket. */
export function takenBy({ operation }: Marked, decision: Decision): ReadonlyMap<number, number> {
  const { selections, meta } = operation;
  const taken = new Map<number, number>();
  const add = (bucket: number, units: number): void => {
    taken.set(bucket, (taken.get(bucket) ?? 0) + units);
  };
  const reported = new Set(decision.reported.map(({ selection, bucket }) => `${selection} ${bucket}`));
  for (const [index, { charges, under, isUncertain }] of selections.entries()) {
    if (decision.denied[index] === undefined) {
      for (const { bucket, cost } of charges) if (!reported.has(`${index} ${bucket}`)) add(bucket, cost);
    } else if (meta !== undefined && isUncertain !== true && !isUnderDenied(under, decision)) add(meta, 1);
  }
  return taken;
}

/** The same as units to give back. */
export function asTaken({ operation }: Marked, taken: ReadonlyMap<number, number>): Taken[] {
  return [...taken].flatMap(([index, cost]) => {
    const bucket = operation.buckets[index];
    return bucket === undefined ? [] : [{ bucket, cost }];
  });
}

function isUnderDenied(under: number | undefined, { denied }: Decision): boolean {
  return under !== undefined && denied[under] !== undefined;
}
