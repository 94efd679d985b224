import {
  getNullableType,
  GraphQLError,
  isLeafType,
  type GraphQLOutputType,
  type ResponsePath,
} from 'graphql';
import type { Complete } from './complete.ts';
import { failField } from './fail-field.ts';
import type { FieldExecution } from './field-execution.ts';
import { isPromise } from './is-promise.ts';

/** Compiles how a list is completed, whose items are of a type and completed so. */
export function completeList(type: GraphQLOutputType, complete: Complete): Complete {
  // No path leads on from a leaf, so that those of leaves are needed for errors only.
  const hasLeaves = isLeafType(getNullableType(type));

  const fail = (at: FieldExecution, error: unknown, path: ResponsePath, key: number): null =>
    failField(at, error, type, hasLeaves ? itemPath(path, key) : path);

  const completeItem = (at: FieldExecution, item: unknown, list: ResponsePath, key: number): unknown => {
    const path = hasLeaves ? list : itemPath(list, key);
    try {
      const completed = isPromise(item)
        ? item.then((value) => complete(at, value, path))
        : complete(at, item, path);
      if (!isPromise(completed)) return completed;
      return completed.then(undefined, (error: unknown) => fail(at, error, path, key));
    } catch (error) {
      return fail(at, error, path, key);
    }
  };

  return (at, value, path) => {
    if (!isIterable(value)) {
      throw new GraphQLError(`Expected Iterable, but did not find one for field "${at.field.coordinate}".`);
    }
    const completed: unknown[] = [];
    let isPending = false;
    try {
      for (const item of value) {
        const result = completeItem(at, item, path, completed.length);
        isPending ||= isPromise(result);
        completed.push(result);
      }
    } catch (error) {
      // Those before it may fail as well, and somebody has to listen.
      if (isPending) void Promise.allSettled(completed);
      throw error;
    }
    return isPending ? Promise.all(completed) : completed;
  };
}

function itemPath(list: ResponsePath, key: number): ResponsePath {
  return { prev: list, key, typename: undefined };
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Symbol.iterator in value &&
    typeof value[Symbol.iterator] === 'function'
  );
}
