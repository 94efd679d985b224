import type { GraphQLFormattedError } from 'graphql';
import { locationOf } from '../errors.ts';
import { type Denial, isPresentedAlike, presentDenial } from './denial.ts';
import type { Selection, SelectionPlan } from './plan/index.ts';

/** Why nothing of an operation runs, as its client is told. */
export class Rejection {
  readonly errors: readonly GraphQLFormattedError[];
  #text: string | undefined;

  constructor(errors: readonly GraphQLFormattedError[]) {
    this.errors = errors;
  }

  /** The body of the response: written once, however often the same rejection is sent. */
  get text(): string {
    return (this.#text ??= JSON.stringify({ errors: this.errors }));
  }
}

type Denials = readonly (Denial | undefined)[];

/** The rejections that came last, by the plan. In a flood it is the same time and again. */
const latest = new WeakMap<SelectionPlan['entries'], { denials: Denials; rejection: Rejection }>();

/**
 * The rejection of an operation of which nothing could be answered: every field that it asks of its root is denied, or a
 * denial is certain to null the whole of `data`.
 * @param denials by the index of the entry
 * @returns undefined if something can be answered
 */
export function rejectionOf(plan: SelectionPlan, denials: Denials): Rejection | undefined {
  const known = latest.get(plan.entries);
  if (known !== undefined && areAlike(known.denials, denials)) return known.rejection;
  const errors = errorsOf(plan, denials);
  if (errors === undefined) return undefined;
  const rejection = new Rejection(errors);
  latest.set(plan.entries, { denials, rejection });
  return rejection;
}

function areAlike(some: Denials, others: Denials): boolean {
  return some.every((one, index) => {
    const other = others[index];
    return one === undefined || other === undefined ? one === other : isPresentedAlike(one, other);
  });
}

function errorsOf({ entries, roots }: SelectionPlan, denials: Denials): GraphQLFormattedError[] | undefined {
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
    errors.push(errorAt(selection, denial));
  }
  return errors.length === 0 || (answered > 0 && !isFatal) ? undefined : errors;
}

function isRoot({ place }: Selection): boolean {
  return !place.includes('.');
}

/**
 * The error that execution would give the selection, as clients see it: a GraphQLError takes a trace of the stack, which
 * would be most of what a flood costs.
 */
function errorAt({ node: { loc }, place }: Selection, denial: Denial): GraphQLFormattedError {
  const { message, extensions } = presentDenial(denial);
  const locations = loc && { locations: [locationOf(loc)] };
  return { message, ...locations, path: place.split('.'), ...(extensions && { extensions }) };
}
