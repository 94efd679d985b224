import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionSetNode,
} from 'graphql';

/** Where counting ends. */
export interface PairLimits {
  readonly pairs: number;
  /** Selections, those of a fragment again wherever it is spread, and each fragment also by itself. */
  readonly selections: number;
  /** Selection sets inside each other. Only fragments that spread themselves nest deeper in a document that is measured. */
  readonly depth: number;
}

/** What has been counted; more than one of the limits where that was the end of it. */
export type Counted = Pick<PairLimits, 'pairs' | 'selections'>;

/**
 * Counts what validation compares: fields with one name, and fragments, in one place of the response, in all operations
 * and fragments of a document. It has been found not to be too large otherwise.
 */
export function comparedIn({ definitions }: DocumentNode, limits: PairLimits): Counted {
  const fragments = definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  const counter = new PairCounter(fragments, limits);
  for (const definition of definitions) {
    if ('selectionSet' in definition) counter.count([definition.selectionSet], 1);
  }
  return counter;
}

class PairCounter implements Counted {
  pairs = 0;
  selections = 0;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #limits: PairLimits;

  constructor(fragments: readonly FragmentDefinitionNode[], limits: PairLimits) {
    this.#fragments = new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
    this.#limits = limits;
  }

  /** Counts what selection sets of one place have in common, and below it. */
  count(sets: readonly SelectionSetNode[], depth: number): void {
    if (depth > this.#limits.depth) return;
    const named = new Map<string, FieldNode[]>();
    const spread = new Set<string>();
    for (const set of sets) this.#collect(set, named, spread);
    this.pairs += pairsAmong(spread.size);
    for (const fields of named.values()) {
      if (this.#isEnough) return;
      this.pairs += pairsAmong(fields.length);
      const below = fields.flatMap(({ selectionSet }) => selectionSet ?? []);
      if (below.length > 0) this.count(below, depth + 1);
    }
  }

  get #isEnough(): boolean {
    return this.pairs > this.#limits.pairs || this.selections > this.#limits.selections;
  }

  #collect({ selections }: SelectionSetNode, named: Map<string, FieldNode[]>, spread: Set<string>): void {
    for (const selection of selections) {
      this.selections += 1;
      if (this.#isEnough) return;
      if (selection.kind === Kind.FIELD) {
        const name = (selection.alias ?? selection.name).value;
        const alike = named.get(name);
        if (alike === undefined) named.set(name, [selection]);
        else alike.push(selection);
      } else if (selection.kind === Kind.INLINE_FRAGMENT)
        this.#collect(selection.selectionSet, named, spread);
      else if (!spread.has(selection.name.value)) {
        spread.add(selection.name.value);
        const fragment = this.#fragments.get(selection.name.value);
        if (fragment !== undefined) this.#collect(fragment.selectionSet, named, spread);
      }
    }
  }
}

function pairsAmong(count: number): number {
  return (count * (count - 1)) / 2;
}
