import type { GraphQLResolveInfo, ResponsePath } from 'graphql';
import type { Verdict } from './verdict.ts';

/** A selection that is being judged. Every object it is resolved for waits for the one verdict. */
export type Judgement = PromiseWithResolvers<Verdict>;

/**
 * The selections of operations being executed. A selection is one place in the document, so that a limited field under
 * a list is judged once and not once for every item: its cost must not depend on the data.
 */
export class Selections {
  /** By the coerced variables, an object that graphql-js makes anew for every execution. */
  readonly #byExecution = new WeakMap<object, Map<string, Judgement>>();

  /** The judgement of the selection that is being resolved; `first` where nobody has asked for it yet. */
  find({ variableValues, parentType, fieldName, path }: GraphQLResolveInfo): {
    readonly judgement: Judgement;
    readonly first: boolean;
  } {
    const execution = this.#byExecution.get(variableValues) ?? new Map<string, Judgement>();
    this.#byExecution.set(variableValues, execution);
    // Fragments on several types can put different fields in one place of the response.
    const place = `${parentType.name}.${fieldName} ${placeOf(path)}`;
    const known = execution.get(place);
    if (known !== undefined) return { judgement: known, first: false };
    const judgement = Promise.withResolvers<Verdict>();
    execution.set(place, judgement);
    return { judgement, first: true };
  }
}

/** The response path without list indices. */
function placeOf(path: ResponsePath): string {
  const keys: string[] = [];
  for (let at: ResponsePath | undefined = path; at !== undefined; at = at.prev) {
    if (typeof at.key === 'string') keys.unshift(at.key);
  }
  return keys.join('.');
}
