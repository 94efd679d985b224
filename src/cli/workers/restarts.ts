const firstDelayMs = 500;
const longestDelayMs = 30_000;
/** A worker that has listened for so long has started well. */
const steadyAfterMs = 5000;
/** So many starts in a row may fail, once there is nobody left who listens. */
const mostFailures = 5;

/** What becomes of the place of a worker that has ended: another one at once, or later, or the end of the server. */
export type Sequel =
  | { readonly kind: 'replace' }
  | { readonly kind: 'retry'; readonly delayMs: number }
  | { readonly kind: 'give up'; readonly failures: number };

/**
 * Decides when the places of workers that have ended are filled again. A start has failed when the worker ends before
 * it listens, or within five seconds from then. Until all have listened once a single failure is too many; after that
 * the same place is tried again after half a second, then after twice as long each time, at most 30 seconds. Times are
 * milliseconds on a clock that never goes back.
 */
export class Restarts {
  #hasServed = false;
  /** Since when workers listen, by place. */
  readonly #listening = new Map<number, number>();
  /** How many starts in a row have failed, by place. */
  readonly #failuresAt = new Map<number, number>();
  /** How many starts in a row have failed, in all places. */
  #failures = 0;
  #failedLast = -Infinity;

  /** All workers have listened at the same time. */
  served(): void {
    this.#hasServed = true;
  }

  /** A worker has begun to listen. */
  listens(place: number, now: number): void {
    this.#listening.set(place, now);
  }

  /** A worker has ended, or could not even be started. */
  ended(place: number, now: number): Sequel {
    if (this.#hasNewSteady(now)) this.#failures = 0;
    const since = this.#listening.get(place);
    this.#listening.delete(place);
    if (since === undefined || now - since < steadyAfterMs) return this.#failed(place, now);
    this.#failuresAt.delete(place);
    return { kind: 'replace' };
  }

  /** Whether a worker has turned out to have started well since a start failed. */
  #hasNewSteady(now: number): boolean {
    return [...this.#listening.values()].some((since) => {
      const steadyAt = since + steadyAfterMs;
      return steadyAt <= now && steadyAt > this.#failedLast;
    });
  }

  #failed(place: number, now: number): Sequel {
    const failuresHere = (this.#failuresAt.get(place) ?? 0) + 1;
    this.#failuresAt.set(place, failuresHere);
    this.#failures += 1;
    this.#failedLast = now;
    const isOver = this.#listening.size === 0 && this.#failures >= mostFailures;
    if (isOver || !this.#hasServed) return { kind: 'give up', failures: this.#failures };
    return { kind: 'retry', delayMs: Math.min(firstDelayMs * 2 ** (failuresHere - 1), longestDelayMs) };
  }
}
