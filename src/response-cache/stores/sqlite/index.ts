import { isPromise, type MaybePromise } from '@whatwg-node/promise-helpers';
import type { Logger } from 'pino';
import { Breaker, StoreUnavailable } from '../../../connections/breaker.ts';
import { LockQueue } from '../../../connections/lock-queue.ts';
import { isBusy } from '../../../connections/sqlite-file.ts';
import type { Clock } from '../../../util/clock.ts';
import { mapMaybePromise } from '../../../util/promises.ts';
import { Backlog } from '../backlog.ts';
import type { Invalidated, OnInvalidate, SharedAnswers } from '../shared-answers.ts';
import { answerIn, rowOf } from './answer-rows.ts';
import { openTables } from './tables.ts';

export interface SqliteAnswersOptions {
  /** A file of this machine, or `:memory:`. Its folders are created. */
  readonly path: string;
  readonly clock: Clock;
  /** How much of the file the answers may take. Those that were stored first go first. */
  readonly maxBytes: number;
  readonly onInvalidate: OnInvalidate;
  readonly log: Logger;
  /** How long a write may wait for other processes, in milliseconds. */
  readonly timeoutMs?: number;
}

/**
 * Answers in a SQLite file, which the processes of one machine share. Nobody waits for anything, but for writes while
 * another process writes.
 * @throws Error when the file cannot be opened
 */
export function createSqliteAnswers({
  path,
  clock,
  maxBytes,
  onInvalidate,
  log,
  timeoutMs = 50,
}: SqliteAnswersOptions): SharedAnswers {
  const { file, invalidations, answers } = openTables({ path, clock, maxBytes });
  const queue = new LockQueue(file, { timeoutMs });
  const backlog = new Backlog();
  const breaker: Breaker = new Breaker({
    name: path,
    timeoutMs,
    log,
    // The queue says when a file has been locked for too long.
    isOutage: (error) => !isBusy(error),
    probe: () =>
      queue.run(() => {
        invalidations.touch();
      }),
  });
  breaker.beforeClosing(invalidateBacklog);
  /** The version of the file that `known` was read from, if it is certain that nothing of this process came since. */
  let version: number | undefined = invalidations.version;
  let known = invalidations.sequence;
  let hasClosed = false;

  /** What is in the backlog has to be invalidated before anything is given. */
  function mayAsk(): boolean {
    if (breaker.isOpen) return false;
    if (backlog.isEmpty) return true;
    // It came after the others had been done, but before the breaker closed.
    breaker.trip(new StoreUnavailable('Something is still to be dropped.'));
    return false;
  }

  /** Does what makes nobody wait. @returns whether it has been done */
  function hasDone(action: () => undefined): boolean {
    if (!mayAsk()) return false;
    try {
      void breaker.guard(action);
      return true;
    } catch {
      return false;
    }
  }

  function catchUp(): undefined {
    // In this order, so that what is written in between is found the next time.
    const current = invalidations.version;
    if (current === version) return;
    const last = invalidations.sequence;
    if (last !== known) {
      onInvalidate(invalidations.since(known));
      known = last;
    }
    version = current;
  }

  /** What others have invalidated since has to be told to this process, and what it has invalidated itself has not. */
  function noteOwn(number: number): void {
    if (number === known + 1) known = number;
    else version = undefined;
  }

  async function invalidateBacklog(): Promise<void> {
    // Others may come while these are waiting for the lock.
    while (!backlog.isEmpty) {
      const invalidated = backlog.take();
      try {
        await queue.run(() => invalidations.add(invalidated));
        // It may have invalidated more than this process was told to.
        version = undefined;
      } catch (error) {
        backlog.add(invalidated);
        if (hasClosed) backlog.tell({ name: path, log });
        throw error;
      }
    }
  }

  function invalidateLater(invalidated: Invalidated, reason: unknown): void {
    backlog.add(invalidated);
    // It may have been done all the same.
    version = undefined;
    if (hasClosed) backlog.tell({ name: path, log });
    // To open it once more would be to begin anew with closing it.
    else if (!breaker.isOpen) breaker.trip(reason);
  }

  return {
    get sequence() {
      return hasDone(catchUp) ? known : undefined;
    },

    isCurrent: () => hasDone(catchUp),

    find(key) {
      let row: ReturnType<typeof answers.find>;
      hasDone(() => {
        row = answers.find(key);
      });
      try {
        return row === undefined ? undefined : answerIn(row);
      } catch {
        // Somebody has damaged this row, which says nothing of the others.
        return undefined;
      }
    },

    keep(key, shared, begunAfter) {
      if (!mayAsk()) return 'unavailable';
      const row = rowOf(key, shared);
      return orElse(
        () => breaker.guard(() => queue.run(() => answers.keep(row, begunAfter))),
        () => 'unavailable',
      );
    },

    invalidate(invalidated) {
      return orElse(
        () =>
          mapMaybePromise(
            breaker.guard(() => queue.run(() => invalidations.add(invalidated))),
            noteOwn,
          ),
        (reason) => {
          invalidateLater(invalidated, reason);
        },
      );
    },

    close() {
      hasClosed = true;
      breaker.end();
      queue.close();
      file.close();
      backlog.tell({ name: path, log });
    },
  };
}

/** What an action comes to, now or later, or what another makes of its failure. */
function orElse<Value>(
  action: () => MaybePromise<Value>,
  otherwise: (reason: unknown) => Value,
): MaybePromise<Value> {
  try {
    const value = action();
    return isPromise(value) ? value.catch(otherwise) : value;
  } catch (error) {
    return otherwise(error);
  }
}
