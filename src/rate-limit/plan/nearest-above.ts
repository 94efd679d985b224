import { immediateDominators } from './dominators.ts';
import type { Place } from './places.ts';
import type { Selection } from './selection-plan.ts';

/**
 * For each entry the nearest one that every way to any of its selections passes: where that one is denied, nothing of
 * this one is asked for. Ways through a choice are taken to lead from any of its selections to all that lies under any.
 * @param entryOf the index of each selection's entry; entries are in the order of their first selections
 */
export function nearestAbove(
  root: Place,
  entryOf: ReadonlyMap<Selection, number>,
): readonly (number | undefined)[] {
  const ways = new Ways(entryOf);
  ways.visit(root);
  return ways.entriesAbove();
}

/** The ways down to all entries, as a graph of places and entries. */
class Ways {
  readonly #entryOf: ReadonlyMap<Selection, number>;
  /** Each place, and each entry by its index, in the order in which they are met, which puts what is above first. */
  readonly #nodes = new Map<Place | number, number>();
  readonly #predecessors: Set<number>[] = [];

  constructor(entryOf: ReadonlyMap<Selection, number>) {
    this.#entryOf = entryOf;
  }

  visit(place: Place): void {
    const from = this.#nodeOf(place);
    for (const ask of place.asks) {
      if (ask.kind === 'limited') this.#lead(from, this.#nodeOf(this.#entry(ask.selection)));
      else {
        const isNew = !this.#nodes.has(ask.place);
        const to = this.#nodeOf(ask.place);
        if (ask.isFree) this.#lead(from, to);
        for (const selection of ask.through) this.#lead(this.#nodeOf(this.#entry(selection)), to);
        if (isNew) this.visit(ask.place);
      }
    }
  }

  entriesAbove(): (number | undefined)[] {
    const dominators = immediateDominators(this.#predecessors);
    const nodes = [...this.#nodes.keys()];
    const entryAbove = (node: number): number | undefined => {
      const above = dominators[node] ?? 0;
      const place = nodes[above];
      if (typeof place === 'number') return place;
      return above === 0 ? undefined : entryAbove(above);
    };
    const entries = nodes.flatMap((each, node) =>
      typeof each === 'number' ? [[each, entryAbove(node)] as const] : [],
    );
    return entries.toSorted(([a], [b]) => a - b).map(([, above]) => above);
  }

  #entry(selection: Selection): number {
    return this.#entryOf.get(selection) ?? 0;
  }

  #nodeOf(thing: Place | number): number {
    const known = this.#nodes.get(thing);
    if (known !== undefined) return known;
    this.#predecessors.push(new Set());
    this.#nodes.set(thing, this.#nodes.size);
    return this.#nodes.size - 1;
  }

  #lead(from: number, to: number): void {
    this.#predecessors[to]?.add(from);
  }
}
