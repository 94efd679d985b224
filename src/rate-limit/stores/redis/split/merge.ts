import type { BucketDenial, Charge, Decision, OperationCharges } from '../../../store.ts';
import type { Level } from '../../../strategies/index.ts';
import type { Holdings } from './holdings.ts';
import type { Part } from './parts.ts';

/** What one shard has answered. */
export interface Answer {
  readonly part: Part;
  readonly decision: Decision;
}

/** Whether each selection is denied, by any shard, or by what denies the one above it. */
export function deniedBy({ selections }: OperationCharges, answers: readonly Answer[]): readonly boolean[] {
  const denied: boolean[] = [];
  for (const [index, { under }] of selections.entries()) {
    const isBelow = under !== undefined && denied[under] === true;
    denied.push(isBelow || answers.some(({ decision }) => decision.denied[index] !== undefined));
  }
  return denied;
}

/** The levels of all buckets, in the operation's order. */
export function mergeLevels(parts: readonly { part: Part; levels: readonly Level[] }[]): Level[] {
  const levels: Level[] = [];
  for (const { part, levels: own } of parts) {
    for (const [index, place] of part.places) {
      const level = own[place];
      if (level !== undefined) levels[index] = level;
    }
  }
  return levels;
}

/** The charges that are not enforced, of allowed selections, which did not come to hold anything. */
export function mergeReported(
  { selections }: OperationCharges,
  isDenied: readonly boolean[],
  holdings: Holdings,
): Decision['reported'] {
  return selections.flatMap(({ charges }, selection) => {
    if (isDenied[selection] === true) return [];
    return charges
      .filter(({ bucket }) => !holdings.has(selection, bucket))
      .map(({ bucket }) => ({ selection, bucket }));
  });
}

/**
 * Why selections are denied: for each the longest of the waits that shards tell, of equal ones that of its first charge.
 * @param meta the wait for the bucket that counts denials, which those wait for that are not under denied ones
 */
export function mergeDenied(
  { selections }: OperationCharges,
  isDenied: readonly boolean[],
  answers: readonly Answer[],
  meta: BucketDenial | undefined,
): readonly (BucketDenial | undefined)[] {
  const indices = answers.map(({ part }) => [...part.places.keys()]);
  const denied: (BucketDenial | undefined)[] = [];
  for (const [selection, { charges, under }] of selections.entries()) {
    const above = under === undefined ? undefined : denied[under];
    if (isDenied[selection] !== true) {
      denied.push(undefined);
      continue;
    }
    const found = answers.flatMap(({ decision }, n) => {
      const own = decision.denied[selection];
      return own === undefined ? [] : [{ ...own, bucket: indices[n]?.[own.bucket] ?? own.bucket }];
    });
    const longest = longestOf(above ?? firstOf(charges), found, charges);
    denied.push(above === undefined && meta !== undefined ? longerOf(longest, meta) : longest);
  }
  return denied;
}

function firstOf([first]: readonly Charge[]): BucketDenial {
  return { bucket: first?.bucket ?? 0, cost: first?.cost ?? 0, retryAfter: 0 };
}

/** The longest wait. Another has to be longer than the first to take its place. */
function longestOf(
  first: BucketDenial,
  others: readonly BucketDenial[],
  charges: readonly Charge[],
): BucketDenial {
  const place = (of: BucketDenial): number => charges.findIndex(({ bucket }) => bucket === of.bucket);
  return others.toSorted((a, b) => place(a) - place(b)).reduce(longerOf, first);
}

function longerOf(first: BucketDenial, second: BucketDenial): BucketDenial {
  return second.retryAfter > first.retryAfter ? second : first;
}
