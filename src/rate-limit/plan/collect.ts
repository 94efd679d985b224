import { type FieldNode, Kind, type SelectionSetNode } from 'graphql';
import type { Budget } from './budget.ts';
import { type Fragments, isIncluded, type Variables } from './conditions.ts';
import type { TypeSet, TypeSets } from './type-sets.ts';

/** What the selection sets of one operation are read with. */
export interface Scope {
  readonly typeSets: TypeSets;
  readonly fragments: Fragments;
  readonly variables: Variables;
  readonly budget: Budget;
}

/** A selection set and how many others it is inside of. */
export interface PlacedSet {
  readonly selectionSet: SelectionSetNode | undefined;
  readonly depth: number;
}

/** A field that is asked for by objects of some types. */
export interface CollectedField {
  readonly node: FieldNode;
  readonly types: TypeSet;
  /** Of the selection set that it stands in. */
  readonly depth: number;
}

/**
 * The fields that selection sets ask for in one place, by their names in the response: CollectFields of the GraphQL
 * specification (6.3.2) for all types at once, so that types which ask for the same cost no more than one.
 */
export function collectFields(
  scope: Scope,
  types: TypeSet,
  sets: readonly PlacedSet[],
): ReadonlyMap<string, readonly CollectedField[]> {
  const collector = new Collector(scope);
  for (const { selectionSet, depth } of sets) {
    if (selectionSet !== undefined) collector.collect(selectionSet, types, depth);
  }
  return collector.fields;
}

class Collector {
  readonly fields = new Map<string, CollectedField[]>();
  readonly #scope: Scope;
  /** For each fragment the types that have collected its fields. A second spread of it changes nothing for them. */
  readonly #spread = new Map<string, TypeSet>();

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  collect({ selections }: SelectionSetNode, types: TypeSet, depth: number): void {
    const { budget, variables, typeSets } = this.#scope;
    budget.checkDepth(depth);
    if (types.size === 0) return;
    for (const selection of selections) {
      budget.countField();
      if (!isIncluded(selection, variables)) continue;
      if (selection.kind === Kind.FIELD) this.#add({ node: selection, types, depth });
      else if (selection.kind === Kind.FRAGMENT_SPREAD) this.#follow(selection.name.value, types, depth + 1);
      else {
        const narrowed = typeSets.narrow(types, selection.typeCondition);
        this.collect(selection.selectionSet, narrowed, depth + 1);
      }
    }
  }

  #add(field: CollectedField): void {
    const key = (field.node.alias ?? field.node.name).value;
    const known = this.fields.get(key);
    if (known === undefined) this.fields.set(key, [field]);
    else known.push(field);
  }

  #follow(name: string, types: TypeSet, depth: number): void {
    const { typeSets, fragments } = this.#scope;
    const fragment = fragments.get(name);
    const before = this.#spread.get(name);
    if (fragment === undefined || before === types) return;
    const left = before === undefined ? types : typeSets.without(types, before);
    this.#spread.set(name, before === undefined ? types : typeSets.union(before, types));
    this.collect(fragment.selectionSet, typeSets.narrow(left, fragment.typeCondition), depth);
  }
}
