interface Waiting {
  acknowledged: number;
  needed: number;
  done: () => void;
}

/** Counts who has acknowledged an invalidation. */
export class Acknowledgements {
  readonly #patienceMs: number;
  readonly #waiting = new Map<string, Waiting>();

  /** @param patienceMs how many milliseconds an invalidation waits for others */
  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
  }

  /** Begins to count. Acknowledgements may come before it is known how many there should be. */
  expect(id: string): void {
    this.#waiting.set(id, { acknowledged: 0, needed: Infinity, done: () => undefined });
  }

  add(id: string): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    waiting.acknowledged += 1;
    if (waiting.acknowledged >= waiting.needed) waiting.done();
  }

  /** Resolves when there are as many, or after so many milliseconds, and counts no more. */
  async all(id: string, needed: number): Promise<void> {
    const waiting = this.#waiting.get(id);
    if (waiting !== undefined && waiting.acknowledged < needed) {
      waiting.needed = needed;
      await new Promise<void>((resolve) => {
        // A busy process may have them already, without having come to read them: that comes before the next check.
        const timer = setTimeout(() => setImmediate(resolve), this.#patienceMs);
        waiting.done = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.forget(id);
  }

  forget(id: string): void {
    this.#waiting.delete(id);
  }

  /** Lets nobody wait any longer. */
  end(): void {
    for (const { done } of this.#waiting.values()) done();
  }
}
