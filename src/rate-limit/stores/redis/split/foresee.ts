import type { OperationCharges, SelectionCharges } from '../../../store.ts';
import type { Wanted } from './holdings.ts';

/**
 * Judges an operation as one store would that had all of its buckets, by what they had left before it.
 * @param left units, by the index of the bucket; they are counted down
 * @param denied the selections that are denied in any case; those that are found to be denied, for what they ask
 * themselves and not for those above them, are added
 * @returns which charges would be taken
 */
export function foresee({ selections }: OperationCharges, left: number[], denied: Set<number>): Wanted {
  const taken = selections.map(() => new Set<number>());
  const isAllowed: boolean[] = [];
  for (const [index, selection] of selections.entries()) {
    const isAsked = selection.under === undefined || isAllowed[selection.under] === true;
    if (isAsked && !fits(selection, left)) denied.add(index);
    isAllowed.push(isAsked && !denied.has(index));
    if (isAllowed[index] === true) takeAll(selection, left, (bucket) => taken[index]?.add(bucket));
  }
  return (selection, bucket) => taken[selection]?.has(bucket) === true;
}

function fits({ charges }: SelectionCharges, left: readonly number[]): boolean {
  return charges.every(({ bucket, cost, enforced }) => !enforced || cost <= (left[bucket] ?? 0));
}

function takeAll({ charges }: SelectionCharges, left: number[], tell: (bucket: number) => void): void {
  for (const { bucket, cost } of charges) {
    const had = left[bucket] ?? 0;
    if (cost > had) continue;
    left[bucket] = had - cost;
    tell(bucket);
  }
}
