/** What has been opened and must be closed, last opened first. */
export class Closers {
  readonly #closers: (() => unknown)[] = [];
  #closing: Promise<void> | undefined;

  /** Remembers how to close something that was just opened; what returns a promise is waited for. */
  add(close: () => unknown): void {
    this.#closers.push(close);
  }

  /** Closes everything, also what comes after something that fails to close; the first failure is thrown at the end. */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    const failures: unknown[] = [];
    for (const close of this.#closers.toReversed()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
