import { isPromise, type MaybePromise } from '@whatwg-node/promise-helpers';

/** Goes on with a value at once, or when it is there. */
export function whenThere<Value, Result>(
  value: MaybePromise<Value>,
  next: (value: Value) => MaybePromise<Result>,
): MaybePromise<Result> {
  return isPromise(value) ? value.then(next) : next(value);
}
