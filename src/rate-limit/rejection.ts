import { getLocation, type FieldNode, type GraphQLFormattedError, type SourceLocation } from 'graphql';
import { formattedDenial, type Denial } from './denied.ts';
import type { Selection, SelectionPlan } from './plan/selection-plan.ts';

/**
 * The errors of an operation of which nothing could be answered: every field that it asks of its root is denied, or a
 * denial is certain to null the whole of `data`.
 * @param denials by the index of the unit
 * @returns undefined if something can be answered
 */
export function rejectionOf(
  { units, roots }: SelectionPlan,
  denials: readonly (Denial | undefined)[],
): readonly GraphQLFormattedError[] | undefined {
  const told = units.flatMap((unit, index) => {
    const denial = denials[index];
    if (denial === undefined || unit.kind === 'choice') return [];
    const { selection } = unit;
    return isRoot(selection) || selection.isFatal ? [{ selection, denial }] : [];
  });
  const deniedRoots = told.filter(({ selection }) => isRoot(selection)).length;
  const isAnswered = deniedRoots < roots.length && !told.some(({ selection }) => selection.isFatal);
  if (told.length === 0 || isAnswered) return undefined;
  return told.map(({ selection, denial }) => errorAt(selection, denial));
}

function isRoot({ place }: Selection): boolean {
  return !place.includes('.');
}

/**
 * The error that execution would give the selection, as clients see it: a GraphQLError takes a trace of the stack, which
 * would be most of what a flood costs.
 */
function errorAt({ node, place }: Selection, denial: Denial): GraphQLFormattedError {
  const { message, extensions } = formattedDenial(denial);
  const locations = locationsOf(node);
  return { message, ...(locations && { locations }), path: place.split('.'), extensions };
}

/** By the node: to find them the document is read. */
const known = new WeakMap<FieldNode, readonly SourceLocation[]>();

function locationsOf(node: FieldNode): readonly SourceLocation[] | undefined {
  const { loc } = node;
  if (loc === undefined) return undefined;
  const locations = known.get(node) ?? [getLocation(loc.source, loc.start)];
  known.set(node, locations);
  return locations;
}
