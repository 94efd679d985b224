import type { ExecutionArgs, ExecutionResult, GraphQLError } from 'graphql';
import type { Run } from './run.ts';

export type Execute = (args: ExecutionArgs) => unknown;

/** Everything that can be seen of an execution, in a form in which two of them can be compared. */
export interface Told {
  readonly isPromise: boolean;
  readonly keys: readonly string[];
  readonly data: unknown;
  readonly errors: readonly unknown[];
  /** What resolvers were called with, in the order of the calls. */
  readonly log: readonly unknown[];
}

export async function tell(execute: Execute, args: ExecutionArgs): Promise<Told> {
  const run: Run = { log: [] };
  const returned = execute({ ...args, contextValue: run });
  const result = (await returned) as ExecutionResult;
  // Once the response is there, what cannot change it any more goes on.
  await new Promise(setImmediate);
  return {
    isPromise: returned instanceof Promise,
    keys: Object.keys(result),
    data: inOrder(result.data),
    errors: (result.errors ?? []).map(tellError),
    log: run.log,
  };
}

/** Data with the order of its keys, and without the prototypes of its objects. */
function inOrder(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(inOrder);
  if (typeof data !== 'object' || data === null) return data;
  return { entries: Object.entries(data).map(([key, value]) => [key, inOrder(value)]) };
}

function tellError(error: GraphQLError): unknown {
  const { message, locations, path, positions, nodes, originalError, extensions, name } = error;
  const cause = originalError && [originalError.constructor.name, originalError.name, originalError.message];
  const constructed = error.constructor.name;
  return { constructed, name, message, locations, path, positions, nodes, cause, extensions };
}
