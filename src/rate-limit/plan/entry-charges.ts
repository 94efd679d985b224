import type { Alternative, Choice, PlanEntry, Selection } from './selection-plan.ts';

/** Units that are taken from a bucket. */
interface Taken {
  readonly bucket: unknown;
  readonly cost: number;
}

/**
 * What an entry takes, with one charge for each bucket: of one alternative the sum, of several the most that any takes.
 * @param chargesOf what a selection takes, by whatever tells buckets apart
 */
export function chargesOfEntry<Charge extends Taken>(
  entry: PlanEntry,
  chargesOf: (selection: Selection) => readonly Charge[],
): readonly Charge[] {
  const known = new Map<Choice, readonly Charge[]>();
  const chargesOfPart = (part: Selection | Choice): readonly Charge[] => {
    if (!('alternatives' in part)) return chargesOf(part);
    // Places that several ways lead to are the same choice in several alternatives.
    const charges = known.get(part) ?? mostOf(part.alternatives.map(chargesOfAlternative));
    known.set(part, charges);
    return charges;
  };
  const chargesOfAlternative = (parts: Alternative): readonly Charge[] =>
    combine(parts.flatMap(chargesOfPart), (a, b) => a + b);
  return entry.kind === 'selection' ? chargesOf(entry.selection) : chargesOfPart(entry);
}

function mostOf<Charge extends Taken>(alternatives: readonly (readonly Charge[])[]): readonly Charge[] {
  return combine(alternatives.flat(), Math.max);
}

function combine<Charge extends Taken>(
  charges: readonly Charge[],
  costOf: (a: number, b: number) => number,
): readonly Charge[] {
  const byBucket = new Map<unknown, Charge>();
  for (const charge of charges) {
    const known = byBucket.get(charge.bucket);
    byBucket.set(
      charge.bucket,
      known === undefined ? charge : { ...charge, cost: costOf(known.cost, charge.cost) },
    );
  }
  return [...byBucket.values()];
}
