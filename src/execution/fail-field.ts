import {
  isNonNullType,
  locatedError,
  responsePathAsArray,
  type GraphQLOutputType,
  type ResponsePath,
} from 'graphql';
import type { FieldExecution } from './field-execution.ts';

/**
 * Notes what went wrong with a field, or with an item of it, which is null then; throws it on where that must not be.
 * @param type of the field or the item
 * @param path of the field or the item
 */
export function failField(
  { field, execution }: FieldExecution,
  raw: unknown,
  type: GraphQLOutputType,
  path: ResponsePath,
): null {
  const error = locatedError(raw, field.nodes, responsePathAsArray(path));
  if (isNonNullType(type)) throw error;
  execution.errors.add(error, path);
  return null;
}
