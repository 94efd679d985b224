import { membersOf, partsOf } from './alternatives.ts';
import { findBonds, type Bond } from './bonds.ts';
import type { Budget } from './budget.ts';
import { nearestAbove } from './nearest-above.ts';
import type { Place } from './places.ts';
import type { Choice, Selection, PlanEntry } from './selection-plan.ts';
import type { BucketNames } from './shared-buckets.ts';

/** Divides what an operation asks for into entries. */
export function formEntries(root: Place, bucketNames: BucketNames, budget: Budget): PlanEntry[] {
  const { places, selections } = listInOrder(root);
  const choices = choicesOf(new Set(findBonds(places, bucketNames, budget).values()), budget);

  const entries = [...Map.groupBy(selections, (each): Choice | Selection => choices.get(each) ?? each)];
  const indices = new Map(entries.flatMap(([, members], index) => members.map((each) => [each, index])));
  const above = nearestAbove(root, indices);
  return entries.map(([judged, members], index): PlanEntry => {
    const under = above[index];
    if (!('alternatives' in judged)) return { kind: 'selection', selection: judged, under };
    return { kind: 'choice', alternatives: judged.alternatives, selections: members, under };
  });
}

/** The choice that each selection belongs to which belongs to one. */
function choicesOf(bonds: Iterable<Bond>, budget: Budget): ReadonlyMap<Selection, Choice> {
  const choices = new Map<Selection, Choice>();
  for (const bond of bonds) {
    for (const part of partsOf(bond, budget)) {
      if (!('alternatives' in part)) continue;
      for (const member of membersOf(part)) choices.set(member, part);
    }
  }
  return choices;
}

/** What is in a place and below it, each once, in document order. */
function listInOrder(root: Place): { places: readonly Place[]; selections: Iterable<Selection> } {
  const places = new Set<Place>();
  const selections = new Set<Selection>();
  const visit = (place: Place): void => {
    if (places.has(place)) return;
    places.add(place);
    for (const ask of place.asks) {
      if (ask.kind === 'limited') selections.add(ask.selection);
      else visit(ask.place);
    }
  };
  visit(root);
  return { places: [...places], selections };
}
