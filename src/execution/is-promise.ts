/** Whether execution has to wait for a value: like graphql-js, for whatever has a method `then`. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  // graphql-js's own looks for one on texts and numbers too, because of which executions take 5 to 20 % longer.
  return isObject(value) && typeof value['then'] === 'function';
}

/** Whether a value has properties of its own. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' ? value !== null : typeof value === 'function';
}
