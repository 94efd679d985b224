/** A promise of a value, or of what an action makes of it, that takes so many turns of the queue of promises more. */
export function after<T>(
  turns: number,
  value: T,
  action: (value: T) => unknown = (same) => same,
): Promise<unknown> {
  let promise = Promise.resolve(value);
  for (let turn = 0; turn < turns; turn += 1) promise = promise.then((same) => same);
  return promise.then(action);
}

/** What is not a promise of the language, but can be waited for. */
export function thenable(value: unknown): PromiseLike<unknown> {
  return { then: (...callbacks) => Promise.resolve(value).then(...callbacks) };
}
