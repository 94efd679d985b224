import { AsyncLocalStorage } from 'node:async_hooks';

const none: readonly never[] = [];

/** How long work may go on for somebody: until it is closed because it is done, or ended before that for a reason. */
export class Lifetime<Reason extends Error = Error> {
  #reason: Reason | undefined;
  #isClosed = false;
  // Made for the first that asks: most work is never asked about.
  #controller: AbortController | undefined;
  #listeners: Set<(reason: Reason) => void> | undefined;

  /** Why it was ended; undefined while the work may go on, and once it is done. */
  get reason(): Reason | undefined {
    return this.#reason;
  }

  /** Aborts when it is ended, with the reason. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** Calls back when it is ended, at once if it is already. Returns what takes that back. */
  onEnd(listener: (reason: Reason) => void): () => void {
    if (this.#reason === undefined) (this.#listeners ??= new Set()).add(listener);
    else listener(this.#reason);
    return () => {
      this.#listeners?.delete(listener);
    };
  }

  /** Throws why it was ended, where it was. */
  throwIfEnded(): void {
    if (this.#reason !== undefined) throw this.#reason;
  }

  /** Ends it, if the work is not done and nobody has ended it before. */
  end(reason: Reason): void {
    if (this.#isClosed || this.#reason !== undefined) return;
    this.#reason = reason;
    this.#controller?.abort(reason);
    for (const listener of this.#listeners ?? none) listener(reason);
    this.#listeners = undefined;
  }

  /** The work is done: nothing ends it any more, and nobody is called back. */
  close(): void {
    this.#isClosed = true;
    this.#listeners = undefined;
  }
}

/** A lifetime, as work goes by it. */
export type WorkLifetime = Pick<Lifetime, 'reason' | 'onEnd' | 'throwIfEnded'>;

const current = new AsyncLocalStorage<WorkLifetime>();

/** Has an action, and whatever it starts, be work of this lifetime. */
export function workWithin<Result>(lifetime: WorkLifetime, action: () => Result): Result {
  return current.run(lifetime, action);
}

/** The lifetime of the work that asks; undefined where nothing ends it. */
export function currentLifetime(): WorkLifetime | undefined {
  return current.getStore();
}
