import type { GraphQLObjectType } from 'graphql';
import type { Budget } from './budget.ts';
import type { TypeSet } from './collect.ts';
import type { Place } from './places.ts';
import { type Alternative, type Choice, type Selection, selectionsOf } from './selection-plan.ts';

/** The names of the buckets that a field with this schema coordinate takes from. */
export type BucketNames = (coordinate: string) => readonly string[];

/** What is judged apart from everything else, as far down as places are known. */
export type Part = Selection | Choice;

/** The parts in a place or below it, each with the types of the place that ask for it. */
type Askers = ReadonlyMap<Part, TypeSet>;

/** Parts that have to become one. */
type Bond = ReadonlySet<Part>;

/**
 * Divides what places are asked for into parts, from the bottom up. In each place the parts that share a bucket become
 * one choice, unless one type asks for all of them: then nothing has to be chosen, they cost their sum.
 */
export class Chooser {
  readonly #bucketNames: BucketNames;
  readonly #budget: Budget;
  readonly #known = new Map<Place, readonly Part[]>();
  readonly #names = new Map<Choice, ReadonlySet<string>>();

  constructor(bucketNames: BucketNames, budget: Budget) {
    this.#bucketNames = bucketNames;
    this.#budget = budget;
  }

  /** The places that were divided, each once, those above before those below. */
  get places(): readonly Place[] {
    return [...this.#known.keys()].toReversed();
  }

  /** The parts in the place and below it, in document order of their first selections; each selection is in one. */
  partsOf(place: Place): readonly Part[] {
    const known = this.#known.get(place);
    if (known !== undefined) return known;
    const asked = [...place.asks].map(([what, { types }]) => ({
      types,
      parts: 'asks' in what ? this.partsOf(what) : [what],
    }));
    // What is asked of one type, or one thing that is asked, has no alternative.
    const isOpen = place.types.size > 1 && asked.length > 1;
    const parts = isOpen ? this.#choose(askersOf(asked)) : asked.flatMap((each) => each.parts);
    this.#known.set(place, parts);
    return parts;
  }

  #choose(askers: Askers): Part[] {
    const bonds = this.#bindRivals(askers);
    const parts = [...askers.keys()];
    const choices = new Map<Bond | undefined, Choice>();
    for (const [bond, members] of Map.groupBy(parts, (part) => bonds.get(part))) {
      if (bond === undefined) continue;
      const selections = [...new Set(members.flatMap(selectionsOf))];
      choices.set(bond, { alternatives: this.#alternatives(members, askers), selections });
    }
    return [...new Set(parts.map((part) => choices.get(bonds.get(part)) ?? part))];
  }

  /** The parts that share a bucket without any one type asking for all of them, each with all that it is bound to. */
  #bindRivals(askers: Askers): ReadonlyMap<Part, Bond> {
    const byName = new Map<string, Part[]>();
    for (const part of askers.keys()) {
      for (const name of this.#namesOf(part)) {
        this.#budget.countSteps(1);
        const known = byName.get(name);
        if (known === undefined) byName.set(name, [part]);
        else known.push(part);
      }
    }
    const bonds = new Map<Part, Bond>();
    for (const rivals of byName.values()) {
      if (this.#areTogether(rivals, askers)) continue;
      const bound = new Set(rivals.map((part) => bonds.get(part) ?? new Set([part])));
      const bond = new Set([...bound].flatMap((each) => [...each]));
      this.#budget.countSteps(bond.size);
      for (const part of bond) bonds.set(part, bond);
    }
    return bonds;
  }

  /** Whether one type asks for all of the parts. */
  #areTogether(parts: readonly Part[], askers: Askers): boolean {
    // Mostly few: parts that are asked for in the same way have the same set.
    const [first, ...others] = new Set(parts.flatMap((part) => askers.get(part) ?? []));
    this.#budget.countSteps(others.length);
    return first === undefined || [...first].some((type) => others.every((types) => types.has(type)));
  }

  /** What each type asks for of the parts, without what another type asks for as well. */
  #alternatives(parts: readonly Part[], askers: Askers): readonly Alternative[] {
    const byType = new Map<GraphQLObjectType, Set<Part>>();
    for (const part of parts) {
      const types = askers.get(part) ?? [];
      for (const type of types) {
        this.#budget.countSteps(1);
        byType.set(type, (byType.get(type) ?? new Set()).add(part));
      }
    }
    const widest = new Set<Bond>();
    for (const alternative of [...byType.values()].toSorted((a, b) => b.size - a.size)) {
      this.#budget.countSteps(widest.size);
      const isWidest = ![...widest].some((wider) => [...alternative].every((part) => wider.has(part)));
      if (isWidest) widest.add(alternative);
    }
    return [...byType.values()].filter((each) => widest.has(each)).map((each) => [...each]);
  }

  #namesOf(part: Part): Iterable<string> {
    if (!('alternatives' in part)) return this.#namesOfSelection(part);
    const known = this.#names.get(part);
    const names = known ?? new Set(part.selections.flatMap((each) => this.#namesOfSelection(each)));
    this.#names.set(part, names);
    return names;
  }

  /** Selections that nothing tells apart while they are executed have one decision, even if they take from no bucket. */
  #namesOfSelection({ coordinate, place }: Selection): readonly string[] {
    const names = this.#bucketNames(coordinate);
    return names.length > 0 ? names : [`${place} ${coordinate}`];
  }
}

/** Types that reach a part in different ways all ask for it. */
function askersOf(asked: readonly { types: TypeSet; parts: readonly Part[] }[]): Askers {
  const askers = new Map<Part, TypeSet>();
  for (const { types, parts } of asked) {
    for (const part of parts) {
      const others = askers.get(part);
      askers.set(part, others === undefined ? types : new Set([...others, ...types]));
    }
  }
  return askers;
}
