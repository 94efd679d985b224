import { isPromise, type MaybePromise } from '@whatwg-node/promise-helpers';

// The package has functions for both, which make several objects for each value that is there already.

/** Goes on with a value at once, or when it is there. */
export function mapMaybePromise<Value, Result>(
  value: MaybePromise<Value>,
  next: (value: Value) => MaybePromise<Result>,
): MaybePromise<Result> {
  return isPromise(value) ? value.then(next) : next(value);
}

/** Does something, and where that throws or rejects, what is to be done then. */
export function recover<Result>(
  action: () => MaybePromise<Result>,
  failed: (error: unknown) => MaybePromise<Result>,
): MaybePromise<Result> {
  try {
    const result = action();
    return isPromise(result) ? result.then(undefined, failed) : result;
  } catch (error) {
    return failed(error);
  }
}
