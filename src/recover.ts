import { isPromise, type MaybePromise } from '@whatwg-node/promise-helpers';

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
