import { execute, type ExecutionArgs, type ExecutionResult, GraphQLError, locatedError } from 'graphql';
import { isPromise } from '../../src/execution/is-promise.ts';
import { furtherError } from './random-error.ts';
import { scalarCode } from './random-leaf.ts';
import type { Told } from './told.ts';

/**
 * Executes by graphql-js, and makes of the errors what the executor of the servers makes of them where it differs: of
 * several in one the first, and of what a scalar complains of with a code an unexpected error.
 */
export function executeAsServers(args: ExecutionArgs): unknown {
  const result = execute(args);
  return isPromise(result) ? result.then(translated) : translated(result);
}

/** What was told without all but the first of several errors in one; graphql-js cannot say which fields have those. */
export function withoutFurtherErrors({ errors, ...told }: Told): Told {
  return { ...told, errors: errors.filter((error) => (error as GraphQLError).message !== furtherError) };
}

function translated(result: ExecutionResult): ExecutionResult {
  return result.errors === undefined ? result : { ...result, errors: result.errors.map(translate) };
}

function translate(error: GraphQLError): GraphQLError {
  const { originalError: cause, nodes, path } = error;
  const isOfField = typeof path?.at(-1) === 'string';
  if (cause instanceof AggregateError && isOfField) return locatedError(cause.errors[0], nodes, path);
  if (cause instanceof GraphQLError && cause.extensions['code'] === scalarCode)
    return locatedError(new Error(cause.message), nodes, path);
  return error;
}
