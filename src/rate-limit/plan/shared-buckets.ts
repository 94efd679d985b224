import type { GraphQLObjectType } from 'graphql';
import type { Budget } from './budget.ts';
import type { Ask, Place } from './places.ts';
import type { Selection } from './selection-plan.ts';

/** The names of the buckets that a field with this schema coordinate takes from. */
export type BucketNames = (coordinate: string) => readonly string[];

/** Selections in a place or below it that share a bucket. */
export interface Shared {
  readonly selections: readonly Selection[];
  /** The types that every ask in the place has which leads to any of them, and that so ask for all of them. */
  readonly askers: readonly GraphQLObjectType[];
}

/** The selections in a place or below it, for each bucket that they take from. */
export function findShared(place: Place, bucketNames: BucketNames, budget: Budget): Shared[] {
  const byName = new Map<string, Selection[]>();
  const askers = new Map<string, readonly GraphQLObjectType[]>();
  for (const ask of place.asks) {
    const names = new Set<string>();
    for (const selection of selectionsOf(ask)) {
      budget.countSteps(1);
      for (const name of namesOf(selection, bucketNames)) {
        names.add(name);
        const selections = byName.get(name);
        if (selections === undefined) byName.set(name, [selection]);
        else selections.push(selection);
      }
    }
    for (const name of names) {
      askers.set(name, askers.get(name)?.filter((type) => ask.types.has(type)) ?? [...ask.types]);
    }
  }
  return [...byName].map(([name, selections]) => ({ selections, askers: askers.get(name) ?? [] }));
}

/** Selections that nothing tells apart while they are executed have one decision, even if they take from no bucket. */
function namesOf({ coordinate, place }: Selection, bucketNames: BucketNames): readonly string[] {
  const names = bucketNames(coordinate);
  return names.length > 0 ? names : [`${place} ${coordinate}`];
}

function selectionsOf(ask: Ask): Iterable<Selection> {
  return ask.kind === 'limited' ? [ask.selection] : selectionsBelow(ask.place);
}

/** Every selection in a place and below it, each once. */
function* selectionsBelow(top: Place): Generator<Selection> {
  // Grows while it is gone through.
  const places = new Set([top]);
  for (const { asks } of places) {
    for (const ask of asks) {
      if (ask.kind === 'limited') yield ask.selection;
      else places.add(ask.place);
    }
  }
}
