/** The most operations that wait for one bucket, and for all together. Each holds what was read of its request. */
const mostInLine = 100;
const mostWaiting = 500;

/** A place in the line for a bucket. */
export interface Place {
  /** Resolves when nobody is in front any more. */
  readonly isFirst: Promise<void>;
  /** Resolves when something has come back to the bucket since the last time, and after so many milliseconds. */
  woken(ms: number): Promise<void>;
  leave(): void;
}

/** Those who wait for buckets, in the order of their coming: one line for each bucket, of which the first alone looks. */
export class Lines {
  readonly #lines = new Map<string, Waiter[]>();
  #waiting = 0;

  /** Whether anybody waits for a bucket, by its key. */
  has(key: string): boolean {
    return this.#lines.has(key);
  }

  hasRoom(key: string): boolean {
    return this.#waiting < mostWaiting && (this.#lines.get(key)?.length ?? 0) < mostInLine;
  }

  join(key: string): Place {
    const waiter = new Waiter();
    const line = this.#lines.get(key) ?? [];
    this.#lines.set(key, line);
    if (line.push(waiter) === 1) waiter.beFirst();
    this.#waiting += 1;
    return {
      isFirst: waiter.isFirst,
      woken: (ms) => waiter.woken(ms),
      leave: () => {
        this.#leave(key, line, waiter);
      },
    };
  }

  /** Has the first in the line for a bucket look again. */
  wake(key: string): void {
    this.#lines.get(key)?.[0]?.wake();
  }

  #leave(key: string, line: Waiter[], waiter: Waiter): void {
    line.splice(line.indexOf(waiter), 1);
    this.#waiting -= 1;
    if (line[0] === undefined) this.#lines.delete(key);
    else line[0].beFirst();
  }
}

class Waiter {
  readonly isFirst: Promise<void>;
  readonly beFirst: () => void;
  #wasWoken = false;
  #look: (() => void) | undefined;

  constructor() {
    let first = (): void => undefined;
    this.isFirst = new Promise((resolve) => {
      first = resolve;
    });
    this.beFirst = first;
  }

  wake(): void {
    this.#wasWoken = true;
    this.#look?.();
  }

  async woken(ms: number): Promise<void> {
    if (!this.#wasWoken) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#look = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#look = undefined;
    }
    this.#wasWoken = false;
  }
}
