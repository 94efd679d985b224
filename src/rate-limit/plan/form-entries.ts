import type { Budget } from './budget.ts';
import { type BucketNames, Chooser, type Part } from './choices.ts';
import type { Place } from './places.ts';
import { type PlanEntry, selectionsOf } from './selection-plan.ts';

/** Entries whose denial leaves nothing of something to ask for, by their indices, the nearest first. */
type Above = readonly number[];

/** Makes the entries of a plan of what is asked for at the root of an operation and below. */
export function formEntries(root: Place, bucketNames: BucketNames, budget: Budget): PlanEntry[] {
  const chooser = new Chooser(bucketNames, budget);
  const parts = chooser.partsOf(root);
  const above = findAbove(chooser.places, parts, budget);
  return parts.map((part, index): PlanEntry => {
    const under = above.get(index)?.[0];
    return 'alternatives' in part
      ? { kind: 'choice', ...part, under }
      : { kind: 'selection', selection: part, under };
  });
}

/**
 * What lies above each part, by its index: the entries that every way to any of its selections passes.
 * @param places each once, those above before those below
 */
function findAbove(
  places: readonly Place[],
  parts: readonly Part[],
  budget: Budget,
): ReadonlyMap<number | undefined, Above> {
  const indices = new Map(parts.flatMap((part, index) => selectionsOf(part).map((each) => [each, index])));
  const ofParts = new Map<number | undefined, Above>();
  const ofPlaces = new Map<Place, Above>();
  for (const place of places) {
    const start = ofPlaces.get(place) ?? [];
    for (const [what, { gates }] of place.asks) {
      if (!('asks' in what)) {
        addWay(ofParts, indices.get(what), start, budget);
        continue;
      }
      for (const gate of gates) {
        const index = gate && indices.get(gate);
        addWay(ofPlaces, what, index === undefined ? start : [index, ...start], budget);
      }
    }
  }
  return ofParts;
}

/** Of what lay above something by other ways leaves what lies above it by this one as well. */
function addWay<T>(above: Map<T, Above>, what: T, way: Above, budget: Budget): void {
  const known = above.get(what) ?? way;
  above.set(what, known === way ? way : inCommon(known, new Set(way), budget));
}

function inCommon(a: Above, b: ReadonlySet<number>, budget: Budget): Above {
  budget.countSteps(a.length + b.size);
  return a.filter((index) => b.has(index));
}
