import type { SelectionPlan } from './selection-plan.ts';
import { selectionsOf } from './entry-charges.ts';

/** The entries by the places of their selections, made when somebody first asks: an operation keeps its plan. */
const indices = new WeakMap<SelectionPlan, ReadonlyMap<string, readonly Located[]>>();

/** A selection, by its coordinate, and the index of the entry that it belongs to. */
interface Located {
  readonly coordinate: string;
  readonly entry: number;
}

/**
 * The entries, by their indices, that a field at this place of the response belongs to; none if it is not planned, and
 * several where objects of different types above it ask for it with different arguments.
 */
export function entriesAt(plan: SelectionPlan, place: string, coordinate: string): readonly number[] {
  const located = indexOf(plan).get(place) ?? [];
  // Fragments on several types can put several fields in one place.
  return located.filter((each) => each.coordinate === coordinate).map(({ entry }) => entry);
}

function indexOf(plan: SelectionPlan): ReadonlyMap<string, readonly Located[]> {
  const index = indices.get(plan) ?? indexEntries(plan);
  indices.set(plan, index);
  return index;
}

function indexEntries({ entries }: SelectionPlan): ReadonlyMap<string, readonly Located[]> {
  const index = new Map<string, Located[]>();
  entries.forEach((each, entry) => {
    for (const { place, coordinate } of selectionsOf(each)) {
      const located = index.get(place) ?? [];
      located.push({ coordinate, entry });
      index.set(place, located);
    }
  });
  return index;
}
