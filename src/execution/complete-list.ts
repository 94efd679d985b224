import {
  getNullableType,
  GraphQLError,
  type GraphQLOutputType,
  isLeafType,
  type ResponsePath,
} from 'graphql';
import type { Complete } from './complete.ts';
import { failItem } from './fail-field.ts';
import type { FieldExecution } from './field-execution.ts';
import { isPromise } from './is-promise.ts';

type CompleteItem = (at: FieldExecution, item: unknown, list: ResponsePath, key: number) => unknown;
type FailItem = (at: FieldExecution, error: unknown, item: ResponsePath) => null;

/** Compiles how a list is completed, whose items are of a type and completed so. */
export function completeList(type: GraphQLOutputType, complete: Complete): Complete {
  const fail: FailItem = (at, error, item) => failItem(at, error, type, item);
  const completeItem = compileItem(type, complete, fail);
  return (at, value, path) => {
    if (isAsyncIterable(value)) return completeLater(at, value, path, completeItem, fail);
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
      throw abandoned(completed, error);
    }
    return isPending ? Promise.all(completed) : completed;
  };
}

function compileItem(type: GraphQLOutputType, complete: Complete, fail: FailItem): CompleteItem {
  // No path leads on from a leaf, so that those of leaves are needed for errors only.
  const hasLeaves = isLeafType(getNullableType(type));
  return (at, item, list, key) => {
    const path = hasLeaves ? list : itemPath(list, key);
    try {
      const completed = isPromise(item)
        ? item.then((value) => complete(at, value, path))
        : complete(at, item, path);
      if (!isPromise(completed)) return completed;
      return completed.then(undefined, (error: unknown) =>
        fail(at, error, hasLeaves ? itemPath(list, key) : path),
      );
    } catch (error) {
      return fail(at, error, hasLeaves ? itemPath(list, key) : path);
    }
  };
}

/** Completes a list whose items are still to come. graphql-js knows no such lists, but the servers' executor does. */
async function completeLater(
  at: FieldExecution,
  items: AsyncIterable<unknown>,
  path: ResponsePath,
  completeItem: CompleteItem,
  fail: FailItem,
): Promise<unknown[]> {
  const completed: unknown[] = [];
  try {
    for await (const item of items) completed.push(completeItem(at, item, path, completed.length));
  } catch (error) {
    try {
      completed.push(fail(at, error, itemPath(path, completed.length)));
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

function itemPath(list: ResponsePath, key: number): ResponsePath {
  return { prev: list, key, typename: undefined };
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return (
    typeof (value as Partial<Iterable<unknown>>)[Symbol.iterator] === 'function' && typeof value === 'object'
  );
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof (value as Partial<AsyncIterable<unknown>>)[Symbol.asyncIterator] === 'function';
}
