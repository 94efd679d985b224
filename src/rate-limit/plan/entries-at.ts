import { type SelectionPlan, selectionsOf } from './selection-plan.ts';

/** A selection, and the index of its entry. */
interface Located {
  readonly place: string;
  readonly coordinate: string;
  readonly index: number;
}

/** By place, made when somebody first asks: an operation keeps its plan. */
const known = new WeakMap<SelectionPlan, ReadonlyMap<string, readonly Located[]>>();

/**
 * The entries, by their indices, that a field at this place of the response belongs to; none if it is not planned.
 * Fragments on several types can put several fields in one place: the coordinate tells which.
 */
export function entriesAt(plan: SelectionPlan, place: string, coordinate: string): readonly number[] {
  const byPlace = known.get(plan) ?? Map.groupBy(locate(plan), (each) => each.place);
  known.set(plan, byPlace);
  const located = byPlace.get(place) ?? [];
  return located.filter((each) => each.coordinate === coordinate).map(({ index }) => index);
}

function locate({ entries }: SelectionPlan): Located[] {
  return entries.flatMap((entry, index) =>
    selectionsOf(entry).map(({ place, coordinate }) => ({ place, coordinate, index })),
  );
}
