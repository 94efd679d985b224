import { type FieldNode, getLocation, type GraphQLFormattedError, type SourceLocation } from 'graphql';
import { type Denial, tellDenial, type ToldDenial } from './denied.ts';
import type { Selection, SelectionPlan } from './plan/index.ts';

/**
 * The errors of an operation of which nothing could be answered: every field that it asks of its root is denied, or a
 * denial is certain to null the whole of `data`.
 * @param denials by the index of the entry
 * @returns undefined if something can be answered
 */
export function rejectionOf(
  { entries, roots }: SelectionPlan,
  denials: readonly (Denial | undefined)[],
): readonly GraphQLFormattedError[] | undefined {
  const errors: GraphQLFormattedError[] = [];
  let answered = roots.length;
  let isFatal = false;
  for (const [index, entry] of entries.entries()) {
    const denial = denials[index];
    if (denial === undefined || entry.kind === 'choice') continue;
    const { selection } = entry;
    if (isRoot(selection)) answered -= 1;
    else if (!selection.isFatal) continue;
    isFatal ||= selection.isFatal;
    errors.push(errorAt(selection, tellDenial(denial)));
  }
  if (errors.length === 0 || (answered > 0 && !isFatal)) return undefined;
  return sameAsLast(entries, errors);
}

/** The errors that were told last of the entries of a plan. */
const lastErrors = new WeakMap<SelectionPlan['entries'], readonly GraphQLFormattedError[]>();

/** The same list for the same errors: who has its text does not have to write it again. */
function sameAsLast(
  entries: SelectionPlan['entries'],
  errors: readonly GraphQLFormattedError[],
): readonly GraphQLFormattedError[] {
  const last = lastErrors.get(entries);
  if (last?.length === errors.length && last.every((error, index) => error === errors[index])) return last;
  lastErrors.set(entries, errors);
  return errors;
}

function isRoot({ place }: Selection): boolean {
  return !place.includes('.');
}

interface ToldError {
  readonly told: ToldDenial;
  readonly error: GraphQLFormattedError;
}

const lastError = new WeakMap<Selection, ToldError>();

/**
 * The error that execution would give the selection, as clients see it: a GraphQLError takes a trace of the stack, which
 * would be most of what a flood costs.
 */
function errorAt(selection: Selection, told: ToldDenial): GraphQLFormattedError {
  const last = lastError.get(selection);
  if (last?.told === told) return last.error;
  const { node, place } = selection;
  const { message, extensions } = told;
  const locations = locationsOf(node);
  const error = { message, ...(locations && { locations }), path: place.split('.'), extensions };
  lastError.set(selection, { told, error });
  return error;
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
