import type { FieldNode, GraphQLField } from 'graphql';

/** One place in an operation that asks for a limited field. Place and coordinate identify it while it is executed. */
export interface Selection {
  /** The field's schema coordinate, on the object type that it is asked of. */
  readonly coordinate: string;
  /** The names in the response that lead to it, joined by dots: `shop.cheap`. List indices are left out. */
  readonly place: string;
  readonly field: GraphQLField<unknown, unknown>;
  /** Where it stands in the document; of merged duplicates the first. Its arguments are those of all of them. */
  readonly node: FieldNode;
  /**
   * Whether a denial is certain to null the whole of `data`: it is not nullable itself, and no field on the way to it
   * is nullable, a list or abstract.
   */
  readonly isFatal: boolean;
  /** Whether no field on the way to it is abstract. Of an abstract type an object may turn out not to have it. */
  readonly isCertain: boolean;
}

/** Selections of which an object asks for those of one alternative, because it has one type. */
export interface Choice {
  /** What possible types ask for, two at least. A type whose selections another asks for as well has none of its own. */
  readonly alternatives: readonly Alternative[];
  /** All selections in the alternatives, each once, that which the document asks for first before the others. */
  readonly selections: readonly Selection[];
}

/**
 * What an object of one type asks for together. A choice among it is that of an abstract type further down. It can be
 * the same object in several alternatives, at every level: whoever goes through them has to remember it.
 */
export type Alternative = readonly (Selection | Choice)[];

/**
 * What is judged as one: a selection, or the selections that an abstract type makes alternatives of. An object has one
 * type, so a bucket that several alternatives take from is charged what the costliest of them takes.
 */
export type PlanEntry = SelectionEntry | ChoiceEntry;

interface Judged {
  /** The index of the nearest entry above that is limited: where that one is denied this one is never asked for. */
  readonly under: number | undefined;
}

interface SelectionEntry extends Judged {
  readonly kind: 'selection';
  readonly selection: Selection;
}

interface ChoiceEntry extends Judged, Choice {
  readonly kind: 'choice';
}

/** A field that the operation asks of its root type. */
export interface RootSelection {
  /** Its name in the response. */
  readonly key: string;
  readonly node: FieldNode;
  /** Its schema coordinate; introspection fields have one as well, `Query.__schema`. */
  readonly coordinate: string;
}

/** What an operation asks for, with its variables given. */
export interface SelectionPlan {
  /** In document order, an entry after the one that it is under. */
  readonly entries: readonly PlanEntry[];
  readonly roots: readonly RootSelection[];
}

/** The selections of an entry or of a part of one, each once. */
export function selectionsOf(judged: PlanEntry | Choice | Selection): readonly Selection[] {
  if ('selections' in judged) return judged.selections;
  return 'selection' in judged ? [judged.selection] : [judged];
}
