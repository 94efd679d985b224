import type { ResponsePath } from 'graphql';
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
 * The entries, by their indices, that a field at this path of the response belongs to; none if it is not planned.
 * Fragments on several types can put several fields in one place: the coordinate tells which.
 */
export function entriesAt(plan: SelectionPlan, path: ResponsePath, coordinate: string): readonly number[] {
  const byPlace = known.get(plan) ?? Map.groupBy(locate(plan), (each) => each.place);
  known.set(plan, byPlace);
  const located = byPlace.get(placeOf(path)) ?? [];
  return located.filter((each) => each.coordinate === coordinate).map(({ index }) => index);
}

function locate({ entries }: SelectionPlan): Located[] {
  return entries.flatMap((entry, index) =>
    selectionsOf(entry).map(({ place, coordinate }) => ({ place, coordinate, index })),
  );
}

/**
 * The names in the response that lead to a field, joined by dots. List indices are left out.
 * @internal
 */
export function placeOf(path: ResponsePath): string {
  // Most limited fields are asked of the root.
  if (path.prev === undefined) return String(path.key);
  const keys: string[] = [];
  for (let at: ResponsePath | undefined = path; at !== undefined; at = at.prev) {
    if (typeof at.key === 'string') keys.push(at.key);
  }
  return keys.reverse().join('.');
}
