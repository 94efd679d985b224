import {
  getNullableType,
  GraphQLError,
  type GraphQLOutputType,
  isLeafType,
  type ResponsePath,
} from 'graphql';
import { isAsyncIterable } from 'graphql/jsutils/isAsyncIterable.js';
import { isIterableObject } from 'graphql/jsutils/isIterableObject.js';
import { addPath } from 'graphql/jsutils/Path.js';
import type { Complete, FieldExecution } from './execution.ts';
import { isPromise } from './is-promise.ts';

type CompleteItem = (at: FieldExecution, item: unknown, list: ResponsePath, key: number) => unknown;

/** Compiles how a list is completed, whose items are of a type and completed so. */
export function completeList(type: GraphQLOutputType, complete: Complete): Complete {
  const completeItem = compileItem(type, complete);
  return (at, value, path) => {
    if (isAsyncIterable(value)) return completeLater(at, value, path, completeItem, type);
    if (!isIterableObject(value)) {
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
      throw abandoned(completed, error);
    }
    return isPending ? Promise.all(completed) : completed;
  };
}

function compileItem(type: GraphQLOutputType, complete: Complete): CompleteItem {
  // No path leads on from a leaf, so that those of leaves are needed for errors only.
  const hasLeaves = isLeafType(getNullableType(type));
  return (at, item, list, key) => {
    const path = hasLeaves ? list : addPath(list, key, undefined);
    const fail = (error: unknown): null =>
      at.failItem(error, type, hasLeaves ? addPath(list, key, undefined) : path);
    try {
      const completed = isPromise(item)
        ? item.then((value) => complete(at, value, path))
        : complete(at, item, path);
      return isPromise(completed) ? completed.then(undefined, fail) : completed;
    } catch (error) {
      return fail(error);
    }
  };
}

/** Completes a list whose items are still to come. graphql-js knows no such lists, but the engines' executor does. */
async function completeLater(
  at: FieldExecution,
  items: AsyncIterable<unknown>,
  path: ResponsePath,
  completeItem: CompleteItem,
  type: GraphQLOutputType,
): Promise<unknown[]> {
  const completed: unknown[] = [];
  try {
    for await (const item of items) completed.push(completeItem(at, item, path, completed.length));
  } catch (error) {
    try {
      completed.push(at.failItem(error, type, addPath(path, completed.length, undefined)));
    } catch (failed) {
      throw abandoned(completed, failed);
    }
  }
  return Promise.all(completed);
}

/** The error because of which items are given up. They may fail as well, and somebody has to listen. */
function abandoned(completed: readonly unknown[], error: unknown): unknown {
  void Promise.allSettled(completed);
  return error;
}
