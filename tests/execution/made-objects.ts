/** Remembers what objects have been made for. */
export class MadeObjects {
  readonly #made = new WeakMap<object, { readonly type: string; readonly key: string }>();

  /** @param key what everything about the object hangs on */
  add(object: object, type: string, key: string): void {
    this.#made.set(object, { type, key });
  }

  typeOf(value: unknown): string | undefined {
    return isObject(value) ? this.#made.get(value)?.type : undefined;
  }

  keyOf(value: unknown): string {
    return isObject(value) ? (this.#made.get(value)?.key ?? 'unknown') : String(value);
  }
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
