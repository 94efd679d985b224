/**
 * Waits for a promise, but no longer than so many milliseconds. What it comes to after that is nobody's business.
 * @param late makes the error of one that takes longer
 */
export function within<Value>(promise: Promise<Value>, ms: number, late: () => Error): Promise<Value> {
  const { promise: result, resolve, reject } = Promise.withResolvers<Value>();
  let timer: NodeJS.Timeout | undefined;
  let isSettled = false;
  // Time counts from when what is asked for has left the process: not while that is busy with something else.
  process.nextTick(() => {
    if (isSettled) return;
    timer = setTimeout(() => {
      // A busy process may have the answer already, without having come to read it: that comes before the next check.
      setImmediate(() => {
        reject(late());
      });
    }, ms);
  });
  promise.then(
    (value) => {
      isSettled = true;
      clearTimeout(timer);
      resolve(value);
    },
    (error: unknown) => {
      isSettled = true;
      clearTimeout(timer);
      reject(error);
    },
  );
  return result;
}
