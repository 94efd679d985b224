import { GraphQLError } from 'graphql';
import type { Dice } from './dice.ts';

/** The message of the second error of several in one. */
export const furtherError = 'a further error';

/** What resolvers throw, reject with and return instead of a value; not all of it is an error. */
export function randomError(dice: Dice, text: string): unknown {
  const extensions = { code: 'RANDOM' };
  const kind = dice.below(10);
  if (kind === 0) return text;
  if (kind === 1) return dice.oneOf([undefined, null, { message: 'like an error' }]);
  if (kind === 2) return new GraphQLError(text, { extensions });
  if (kind === 3) return new GraphQLError(text, { path: ['elsewhere', 0] });
  if (kind === 4) return Object.assign(new TypeError(text), { extensions });
  if (kind === 5) return Object.assign(new Error(text), { path: ['not', 'located'], locations: [] });
  if (kind === 6) return new AggregateError([new Error(text), new Error(furtherError)], 'several');
  return new Error(text);
}
