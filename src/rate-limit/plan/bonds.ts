import type { Budget } from './budget.ts';
import type { Place } from './places.ts';
import type { Selection } from './selection-plan.ts';
import { type BucketNames, findShared } from './shared-buckets.ts';

/** Selections that are judged as one. */
export interface Bond {
  /** The place of the abstract type that makes alternatives of them; all lie in it or below. */
  readonly top: Place;
  readonly members: ReadonlySet<Selection>;
}

interface GrowingBond extends Bond {
  /** The index of the top among all places. */
  readonly order: number;
  readonly members: Set<Selection>;
}

/**
 * Finds the selections that share a bucket without any one type of a place asking for all of them. They are bound to
 * each other, and so are all that are bound to the same selection. Where one type does ask for all of them, nothing
 * has to be chosen: they cost their sum.
 * @param places each once, those above before those below
 */
export function findBonds(
  places: readonly Place[],
  bucketNames: BucketNames,
  budget: Budget,
): ReadonlyMap<Selection, Bond> {
  const bonds = new Map<Selection, GrowingBond>();
  places.forEach((top, order) => {
    // What is asked of one type, or one thing that is asked, has no alternative.
    if (top.types.size < 2 || top.asks.length < 2) return;
    for (const { askers, selections } of findShared(top, bucketNames, budget)) {
      if (askers.length > 0) continue;
      const bond = join(bonds, selections) ?? { top, order, members: new Set() };
      for (const selection of selections) {
        bond.members.add(selection);
        bonds.set(selection, bond);
      }
      budget.countSteps(bond.members.size);
    }
  });
  return bonds;
}

/**
 * Makes one of all bonds that the selections have. Its top is the highest of theirs: they lie on one way down, since
 * ways that part in one place of the response are of different types, and there these selections were bound before.
 */
function join(bonds: Map<Selection, GrowingBond>, selections: readonly Selection[]): GrowingBond | undefined {
  const known = [...new Set(selections.flatMap((selection) => bonds.get(selection) ?? []))];
  const [highest, ...others] = known.toSorted((a, b) => a.order - b.order);
  for (const member of others.flatMap(({ members }) => [...members])) {
    highest?.members.add(member);
    if (highest !== undefined) bonds.set(member, highest);
  }
  return highest;
}
