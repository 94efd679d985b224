import type { MaybePromise } from '@whatwg-node/promise-helpers';
import { StoreUnavailable } from './breaker.ts';
import { isBusy, type SqliteFile, type SqliteStatement } from './sqlite-file.ts';

interface Waiting {
  /** By performance.now(), in milliseconds. */
  readonly deadline: number;
  /** Does the job. @returns what tells of its result, once that is committed */
  readonly attempt: () => () => void;
  readonly reject: (error: unknown) => void;
}

export interface LockQueueOptions {
  /** How long a job may wait, in milliseconds. */
  readonly timeoutMs: number;
  /**
   * Whether all but the first job of a turn of the event loop wait for its end, and share a transaction: a crowd would
   * otherwise take and leave the lock so often that other processes hardly find it free. By default each is done at once.
   */
  readonly gathers?: boolean;
}

/**
 * The lock of a SQLite file that other processes use as well. SQLite itself would wait for it by blocking the process,
 * so a job that finds the file locked waits here and is tried again every few milliseconds. Those that have come
 * meanwhile share its transaction.
 */
export class LockQueue {
  readonly #timeoutMs: number;
  readonly #gathers: boolean;
  readonly #file: SqliteFile;
  readonly #begin: SqliteStatement<[], unknown>;
  readonly #commit: SqliteStatement<[], unknown>;
  readonly #rollback: SqliteStatement<[], unknown>;
  readonly #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** Until the end of a turn that a job has been done in, when those that have come since are done. */
  #turn: NodeJS.Immediate | undefined;

  constructor(file: SqliteFile, { timeoutMs, gathers = false }: LockQueueOptions) {
    this.#file = file;
    this.#timeoutMs = timeoutMs;
    this.#gathers = gathers;
    file.pragma('busy_timeout = 0');
    this.#begin = file.prepare('begin immediate');
    this.#commit = file.prepare('commit');
    this.#rollback = file.prepare('rollback');
  }

  /**
   * Does a job in a transaction that no other comes between, at once if nobody waits and the file is not locked. A job may be begun several times, of which one is committed.
   * @throws StoreUnavailable if it stays locked; otherwise what the job or the file throws
   */
  run<Value>(job: () => Value): MaybePromise<Value> {
    if (this.#waiting.length === 0 && this.#turn === undefined) {
      try {
        const value = this.#locked(job);
        if (this.#gathers) this.#gather();
        return value;
      } catch (error) {
        if (!isBusy(error)) throw error;
      }
    }
    return this.#wait(job);
  }

  /** Rejects what waits. */
  close(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#turn);
    this.#turn = undefined;
    for (const { reject } of this.#waiting.splice(0)) reject(new StoreUnavailable('The file is closed.'));
  }

  #gather(): void {
    this.#turn = setImmediate(() => {
      this.#turn = undefined;
      this.#drain();
    });
  }

  #locked<Value>(job: () => Value): Value {
    this.#begin.run();
    try {
      const value = job();
      this.#commit.run();
      return value;
    } catch (error) {
      // SQLite has rolled back by itself after some errors, such as that of a full disk.
      if (this.#file.inTransaction) this.#rollback.run();
      throw error;
    }
  }

  #wait<Value>(job: () => Value): Promise<Value> {
    const { promise, resolve, reject } = Promise.withResolvers<Value>();
    const attempt = () => {
      const value = job();
      return () => {
        resolve(value);
      };
    };
    this.#waiting.push({ deadline: performance.now() + this.#timeoutMs, attempt, reject });
    if (this.#waiting.length === 1 && this.#turn === undefined) this.#schedule();
    return promise;
  }

  #schedule(): void {
    // At random, so that processes do not meet again and again.
    const delay = 1 + 2 * Math.random();
    this.#timer = setTimeout(() => {
      this.#drain();
    }, delay);
  }

  /** All in one transaction; if something other than the lock is in the way, each in its own, so that it fails alone. */
  #drain(): void {
    let size = this.#waiting.length;
    while (this.#waiting.length > 0) {
      try {
        this.#commitFirst(size);
      } catch (error) {
        if (isBusy(error)) {
          this.#rejectLate();
          if (this.#waiting.length > 0) this.#schedule();
          return;
        }
        if (size === 1) this.#waiting.shift()?.reject(error);
        size = 1;
      }
    }
  }

  #commitFirst(size: number): void {
    const batch = this.#waiting.slice(0, size);
    const settlers = this.#locked(() => batch.map(({ attempt }) => attempt()));
    this.#waiting.splice(0, batch.length);
    for (const settle of settlers) settle();
  }

  #rejectLate(): void {
    const now = performance.now();
    const first = this.#waiting.findIndex(({ deadline }) => deadline > now);
    const late = this.#waiting.splice(0, first === -1 ? this.#waiting.length : first);
    for (const { reject } of late) {
      reject(new StoreUnavailable(`The file was locked for ${this.#timeoutMs} ms.`));
    }
  }
}
