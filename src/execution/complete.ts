import type { ResponsePath } from 'graphql';
import type { FieldExecution } from './field-execution.ts';

/**
 * Makes of what was returned for a field, or is an item of that, what the response has, or a promise of it. Throws what
 * is wrong with it.
 * @param path where in the response the value goes
 */
export type Complete = (at: FieldExecution, value: unknown, path: ResponsePath) => unknown;
