import type { Charge, Decision } from '../store.ts';
import type { Level } from '../strategies/index.ts';
import { type Marked, takenBy, unitsUnderWay } from './marks.ts';

/** What an operation finds, by the indices of its buckets. */
interface Found {
  /** Units left before it takes anything. */
  readonly left: number[];
  /** Of each bucket the units of others whose outcome is not known yet. */
  readonly underWay: readonly number[];
}

/**
 * The buckets that selections are denied by for now only, by the index of the selection: all that a selection lacks is
 * with attempts of others that are under way. Judges as the store does, by what the store says is left.
 */
export type Awaited = ReadonlyMap<number, number>;

/** The same after a decision, which has taken what it allowed. */
export function awaitedAfter(marked: Marked, decision: Decision): Awaited {
  const { denied, rejected, isUnfounded, levels } = decision;
  const { meta } = marked.operation;
  const isDecided =
    !denied.some((why) => why !== undefined) || rejected !== undefined || isUnfounded === true;
  // Whoever has no denials left is not let in a second time, and is not worth waiting for.
  if (isDecided || (meta !== undefined && levels[meta]?.remaining === 0)) return new Map();
  return awaitedBy(marked, found(marked, levels, takenBy(marked, decision)));
}

/** The same before anything is taken. */
export function awaitedBefore(marked: Marked, levels: readonly Level[]): Awaited {
  return awaitedBy(marked, found(marked, levels, new Map()));
}

function found(
  { operation, markAt }: Marked,
  levels: readonly Level[],
  taken: ReadonlyMap<number, number>,
): Found {
  const left = levels.map(({ remaining }, index) => remaining + (taken.get(index) ?? 0));
  const underWay = operation.buckets.map((_, index) => {
    const mark = markAt.get(index);
    return mark === undefined ? 0 : unitsUnderWay(left[mark] ?? 0);
  });
  return { left, underWay };
}

function awaitedBy({ operation: { selections } }: Marked, { left, underWay }: Found): Awaited {
  const awaited = new Map<number, number>();
  const denied = new Set<number>();
  const lacks = ({ bucket, cost, enforced }: Charge): boolean => enforced && cost > (left[bucket] ?? 0);
  const mayCome = ({ bucket, cost }: Charge): boolean =>
    cost <= (left[bucket] ?? 0) + (underWay[bucket] ?? 0);
  for (const [index, { charges, under, isDenied }] of selections.entries()) {
    const isOut = isDenied === true || (under !== undefined && denied.has(under));
    const lacking = isOut ? [] : charges.filter(lacks);
    const [first] = lacking;
    if (isOut || first !== undefined) {
      denied.add(index);
      if (first !== undefined && lacking.every(mayCome)) awaited.set(index, first.bucket);
    } else for (const { bucket, cost } of charges) left[bucket] = (left[bucket] ?? 0) - cost;
  }
  return awaited;
}

/**
 * The decision with short waits where all that is lacking is under way: as long as that may take. Whoever comes again
 * then finds room, unless it has failed meanwhile.
 */
export function withShortWaits(marked: Marked, decision: Decision): Decision {
  const awaited = awaitedAfter(marked, decision);
  if (awaited.size === 0) return decision;
  const denied = decision.denied.map((denial, selection) => {
    const mark = marked.markAt.get(awaited.get(selection) ?? -1);
    const resetAt = mark === undefined ? undefined : decision.levels[mark]?.resetAt;
    if (denial === undefined || resetAt == null) return denial;
    return { ...denial, retryAfter: Math.min(denial.retryAfter, Math.max(1, resetAt - decision.takenAt)) };
  });
  return { ...decision, denied };
}
