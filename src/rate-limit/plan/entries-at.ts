import { selectionsOf, type SelectionPlan } from './selection-plan.ts';

/** By place and coordinate, made when somebody first asks: an operation keeps its plan. */
const indices = new WeakMap<SelectionPlan, ReadonlyMap<string, readonly number[]>>();

const none: readonly number[] = [];

/**
 * The entries, by their indices, that a field at this place of the response belongs to; none if it is not planned.
 * Fragments on several types can put several fields in one place: the coordinate tells which.
 */
export function entriesAt(plan: SelectionPlan, place: string, coordinate: string): readonly number[] {
  const index = indices.get(plan) ?? indexEntries(plan);
  indices.set(plan, index);
  return index.get(`${place} ${coordinate}`) ?? none;
}

function indexEntries({ entries }: SelectionPlan): ReadonlyMap<string, readonly number[]> {
  const selections = entries.flatMap((entry, index) =>
    selectionsOf(entry).map(({ place, coordinate }) => ({ key: `${place} ${coordinate}`, index })),
  );
  const byKey = Map.groupBy(selections, ({ key }) => key);
  return new Map([...byKey].map(([key, each]) => [key, [...new Set(each.map(({ index }) => index))]]));
}
