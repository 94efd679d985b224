import type { GraphQLError } from 'graphql';
import { clientError } from '../errors.ts';
import type { DocumentBounds } from './document-bounds.ts';

/** How large variables may be. */
export type VariablesBounds = Pick<DocumentBounds, 'tokens' | 'depth'>;

type Raw = Readonly<Record<string, unknown>>;

/**
 * The error of variables that hold more than may be gone through, or that are inside each other deeper than whoever goes
 * through them could follow; undefined if they are not. As they were sent, so that nothing has been done for them yet.
 */
export function variablesTooLarge(variables: Raw, bounds: VariablesBounds): GraphQLError | undefined {
  const counter = new ValueCounter(bounds);
  return counter.add(variables, 0);
}

class ValueCounter {
  readonly #bounds: VariablesBounds;
  #values = 0;

  constructor(bounds: VariablesBounds) {
    this.#bounds = bounds;
  }

  add(value: unknown, depth: number): GraphQLError | undefined {
    if (typeof value !== 'object' || value === null) return undefined;
    if (depth > this.#bounds.depth) return tooDeep(this.#bounds);
    for (const inner of Object.values(value)) {
      this.#values += 1;
      if (this.#values > this.#bounds.tokens) return tooMany(this.#bounds);
      const problem = this.add(inner, depth + 1);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }
}

function tooDeep({ depth }: VariablesBounds): GraphQLError {
  return clientError(
    'BAD_USER_INPUT',
    `The variables have more than ${depth} values inside each other, and may have ${depth} (DOCUMENT_DEPTH).`,
    { bound: 'DOCUMENT_DEPTH', limit: depth },
  );
}

function tooMany({ tokens }: VariablesBounds): GraphQLError {
  return clientError(
    'BAD_USER_INPUT',
    `The variables have more than ${tokens} values, and may have ${tokens} (DOCUMENT_TOKENS). Send them in several requests.`,
    { bound: 'DOCUMENT_TOKENS', limit: tokens },
  );
}
