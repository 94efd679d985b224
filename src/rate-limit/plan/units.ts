import type { SelectionPlan } from './selection-plan.ts';
import { selectionsOf } from './unit-charges.ts';

/** The units by the places of their selections, made when somebody first asks: an operation keeps its plan. */
const indices = new WeakMap<SelectionPlan, ReadonlyMap<string, readonly Entry[]>>();

interface Entry {
  readonly coordinate: string;
  readonly unit: number;
}

/**
 * The units, by their indices, that a field at this place of the response belongs to; none if it is not planned, and
 * several where objects of different types above it ask for it with different arguments.
 */
export function unitsAt(plan: SelectionPlan, place: string, coordinate: string): readonly number[] {
  const entries = indexOf(plan).get(place) ?? [];
  // Fragments on several types can put several fields in one place.
  return entries.filter((entry) => entry.coordinate === coordinate).map(({ unit }) => unit);
}

function indexOf(plan: SelectionPlan): ReadonlyMap<string, readonly Entry[]> {
  const index = indices.get(plan) ?? indexUnits(plan);
  indices.set(plan, index);
  return index;
}

function indexUnits({ units }: SelectionPlan): ReadonlyMap<string, readonly Entry[]> {
  const index = new Map<string, Entry[]>();
  units.forEach((each, unit) => {
    for (const { place, coordinate } of selectionsOf(each)) {
      const entries = index.get(place) ?? [];
      entries.push({ coordinate, unit });
      index.set(place, entries);
    }
  });
  return index;
}
