import {
  type GraphQLError,
  type GraphQLOutputType,
  isNonNullType,
  locatedError,
  type ResponsePath,
  responsePathAsArray,
} from 'graphql';
import type { FieldExecution } from './field-execution.ts';

/**
 * Notes what went wrong with a field, which is null then; throws it on where that must not be. graphql-js does not know
 * of several errors in one, but the servers' executor does: each is an error of the field.
 */
export function failField(at: FieldExecution, raw: unknown): null {
  const { field, path } = at;
  const isSeveral = raw instanceof AggregateError && raw.errors.length > 0;
  return fail(at, isSeveral ? raw.errors : [raw], field.definition.type, path);
}

/** The same for an item of a field that is a list, with its own type and path. */
export function failItem(
  at: FieldExecution,
  raw: unknown,
  type: GraphQLOutputType,
  path: ResponsePath,
): null {
  return fail(at, [raw], type, path);
}

function fail(
  { field, execution }: FieldExecution,
  raw: readonly unknown[],
  type: GraphQLOutputType,
  path: ResponsePath,
): null {
  const located = (error: unknown): GraphQLError =>
    locatedError(error, field.nodes, responsePathAsArray(path));
  if (isNonNullType(type)) throw located(raw[0]);
  execution.errors.add(path, ...raw.map(located));
  return null;
}
