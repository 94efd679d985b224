import type { GraphQLObjectType } from 'graphql';
import type { Bond } from './bonds.ts';
import type { Budget } from './budget.ts';
import type { Ask, Place } from './places.ts';
import type { Alternative, Choice, Selection } from './selection-plan.ts';

/**
 * What the members of a bond come to, in parts that are independent of each other: mostly one choice. Where one type
 * turns out to ask for whatever others ask for, there is nothing to choose.
 */
export function partsOf(bond: Bond, budget: Budget): Alternative {
  return new Chooser(bond.members, budget).partsOfPlace(bond.top);
}

/** The selections in all alternatives of a choice and of those in it. */
export function membersOf(choice: Choice): ReadonlySet<Selection> {
  const members = new Set<Selection>();
  // Grows while it is gone through.
  const choices = new Set([choice]);
  for (const { alternatives } of choices) {
    for (const part of alternatives.flat()) {
      if ('alternatives' in part) choices.add(part);
      else members.add(part);
    }
  }
  return members;
}

class Chooser {
  readonly #members: ReadonlySet<Selection>;
  readonly #budget: Budget;
  /** A place that several ways lead to is one choice, so that nested ones do not multiply. */
  readonly #known = new Map<Place, Alternative>();

  constructor(members: ReadonlySet<Selection>, budget: Budget) {
    this.#members = members;
    this.#budget = budget;
  }

  partsOfPlace(place: Place): Alternative {
    const known = this.#known.get(place);
    if (known !== undefined) return known;
    const alternatives = this.#alternativesOf(place);
    const parts = alternatives.length > 1 ? [{ alternatives }] : (alternatives[0] ?? []);
    this.#known.set(place, parts);
    return parts;
  }

  #alternativesOf({ asks }: Place): readonly Alternative[] {
    const byType = new Map<GraphQLObjectType, Set<Selection | Choice>>();
    for (const ask of asks) {
      const parts = this.#partsOfAsk(ask);
      this.#budget.countSteps(1 + parts.length * ask.types.size);
      if (parts.length === 0) continue;
      for (const type of ask.types) {
        const asked = byType.get(type);
        if (asked === undefined) byType.set(type, new Set(parts));
        else for (const part of parts) asked.add(part);
      }
    }
    return this.#widest([...byType.values()]).map((asked) => [...asked]);
  }

  #partsOfAsk(ask: Ask): Alternative {
    if (ask.kind === 'deeper') return this.partsOfPlace(ask.place);
    return this.#members.has(ask.selection) ? [ask.selection] : [];
  }

  /** Leaves out what another alternative holds all of. */
  #widest<T>(alternatives: readonly ReadonlySet<T>[]): ReadonlySet<T>[] {
    const widest: ReadonlySet<T>[] = [];
    for (const alternative of alternatives.toSorted((a, b) => b.size - a.size)) {
      this.#budget.countSteps(widest.length);
      if (!widest.some((wider) => isWithin(alternative, wider))) widest.push(alternative);
    }
    return alternatives.filter((alternative) => widest.includes(alternative));
  }
}

function isWithin<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): boolean {
  return [...a].every((each) => b.has(each));
}
