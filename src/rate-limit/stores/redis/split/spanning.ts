import type {
  Bucket,
  BucketStore,
  Charge,
  Decision,
  OperationCharges,
  SelectionCharges,
} from '../../../store.ts';
import type { Level } from '../../../strategies/index.ts';
import { conclude } from './conclude.ts';
import { takeDenials } from './denials.ts';
import { ask, levelsIn, type Round, type Shards, type Take, unlessFailing } from './round.ts';

export interface SpanningOptions extends Shards {
  readonly store: BucketStore;
  readonly levelsOf: (buckets: readonly Bucket[]) => Promise<readonly Level[]>;
  /** Is told when units of a bucket were taken, by the clock of its shard and by the decision. */
  readonly onTaken: (bucket: Bucket, own: number, decision: number) => void;
}

/**
 * Judges an operation of which the buckets are in several shards, all of which are asked at the same time. Where they
 * disagree about a selection, everything is given back, and they are asked once more, told which selections one store
 * would deny that had all of these buckets. Where others came in between and they disagree again, the selection is denied.
 * @throws what a shard does; what the others took is given back then, as far as they can be reached
 */
export async function chargeSpanning(
  operation: OperationCharges,
  options: SpanningOptions,
): Promise<Decision> {
  const { store, levelsOf, onTaken } = options;
  const { buckets, selections, meta } = operation;
  const denials = meta === undefined ? undefined : buckets[meta];
  const before = denials && (await takeDenials(store, denials, 0));
  if (meta !== undefined && before !== undefined && before.retryAfter > 0) {
    const rejected = { bucket: meta, cost: 1, retryAfter: before.retryAfter };
    const levels = await levelsOf(buckets);
    return {
      takenAt: before.takenAt,
      rejected,
      denied: selections.map(() => rejected),
      reported: [],
      levels,
    };
  }
  const round = await agree(operation, options);
  const isCounting = denials !== undefined && round.isDenied.includes(true);
  const after = isCounting
    ? await unlessFailing(
        takeDenials(store, denials, certainDenials(selections, round)),
        round.takes,
        options,
      )
    : undefined;
  const decision = conclude(operation, round, after);
  for (const { bucket, takenAt } of round.takes) onTaken(bucket, takenAt, decision.takenAt);
  return decision;
}

async function agree(operation: OperationCharges, options: SpanningOptions): Promise<Round> {
  const { selections } = operation;
  const denied = new Set([...selections.keys()].filter((index) => selections[index]?.isDenied === true));
  const first = await ask(operation, denied, options);
  if (first.takes.every(({ selection }) => first.isDenied[selection] !== true)) return first;
  await options.giveBackEach(first.takes);
  foresee(operation, leftBefore(first), denied);
  const second = await ask(operation, denied, options);
  const isKept = ({ selection }: Take): boolean => second.isDenied[selection] !== true;
  const takes = second.takes.filter(isKept);
  const excess = second.takes.filter((take) => !isKept(take));
  await unlessFailing(options.giveBackEach(excess), takes, options);
  return { ...second, takes };
}

/** The units that each bucket had left before the operation. */
function leftBefore({ answers, takes }: Round): number[] {
  const left = levelsIn(answers).map(({ remaining }) => remaining);
  for (const { index, cost } of takes) left[index] = (left[index] ?? 0) + cost;
  return left;
}

/** Finds the selections that one store would deny which had all buckets. @param left is counted down */
function foresee({ selections }: OperationCharges, left: number[], denied: Set<number>): void {
  for (const [index, { charges, under }] of selections.entries()) {
    const isOut = denied.has(index) || (under !== undefined && denied.has(under));
    const fits = ({ bucket, cost }: Charge): boolean => cost <= (left[bucket] ?? 0);
    if (isOut || charges.some((charge) => charge.enforced && !fits(charge))) denied.add(index);
    else
      for (const charge of charges.filter(fits))
        left[charge.bucket] = (left[charge.bucket] ?? 0) - charge.cost;
  }
}

/** How many denials the bucket for that counts. */
function certainDenials(selections: readonly SelectionCharges[], { isDenied }: Round): number {
  return selections.filter(({ under, isUncertain }, index) => {
    return isDenied[index] && isUncertain !== true && (under === undefined || !isDenied[under]);
  }).length;
}
