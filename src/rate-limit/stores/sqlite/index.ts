import type { MaybePromise } from '@whatwg-node/promise-helpers';
import type { Logger } from 'pino';
import { Breaker, StoreUnavailable } from '../../../connections/breaker.ts';
import { LockQueue } from '../../../connections/lock-queue.ts';
import { isBusy, openSqliteFile, type SqliteFile } from '../../../connections/sqlite-file.ts';
import type { Clock } from '../../../util/clock.ts';
import { judge } from '../../judge.ts';
import type { Bucket, BucketStore, Decision, OperationCharges, Taken } from '../../store.ts';
import type { Level } from '../../strategies/index.ts';
import { strategyOf } from '../../strategies/index.ts';
import { SqliteTable } from './table.ts';

/** How long opening may wait for the locks of other processes, which open it as well, in milliseconds. */
const openingMs = 5000;
/** Beyond the timeout, so that the queue is the one to give up: it knows that a job will not be done any more. */
const graceMs = 1000;

interface StoreOptions {
  readonly clock: Clock;
  /** How long a call may wait for the locks of other processes, in milliseconds, default 50. */
  readonly timeoutMs?: number;
  readonly log: Logger;
}

export interface SqliteStoreOptions extends StoreOptions {
  readonly path: string;
}

export interface SqliteStore extends BucketStore {
  readonly breaker: Breaker;
  close(): void;
}

/**
 * Keeps buckets in a SQLite file, which the processes of one machine share.
 * @throws Error when it cannot be opened or is not a database
 */
export function openSqliteStore({ path, ...options }: SqliteStoreOptions): SqliteStore {
  const file = openSqliteFile(path, openingMs);
  try {
    return createSqliteStore(file, options);
  } catch (error) {
    file.close();
    throw error;
  }
}

/**
 * Keeps buckets in a SQLite file that is open, and closes it with the store. Each operation is a transaction with the
 * lock for writing; those of one process that had to wait for it share one. While the file is not locked there is
 * nothing to wait for.
 * @internal
 */
export function createSqliteStore(
  file: SqliteFile,
  { clock, timeoutMs = 50, log }: StoreOptions,
): SqliteStore {
  const table = new SqliteTable(file);
  const queue = new LockQueue(file, { timeoutMs, gathers: true });
  const breaker = new Breaker({
    name: `sqlite:${file.name}`,
    timeoutMs: timeoutMs + graceMs,
    isOutage,
    log,
    probe: () => probe(table, queue),
  });

  const locked = <Value>(job: () => Value): MaybePromise<Value> => breaker.guard(() => queue.run(job));

  return {
    breaker,
    charge: (charges) => locked(() => charge(table, charges, clock.now())),
    giveBack: (taken, takenAt) =>
      locked(() => {
        giveBack(table, taken, takenAt, clock.now());
      }),
    levels: (buckets) =>
      breaker.guard(() => {
        const read = (): Level[] => levels(table, buckets, clock.now());
        return unlessBusy(read) ?? queue.run(read);
      }),
    close() {
      breaker.end();
      queue.close();
      file.close();
    },
  };
}

function charge(table: SqliteTable, charges: OperationCharges, now: number): Decision {
  const before = charges.buckets.map((bucket) => table.read(bucket));
  const { decision, states } = judge(charges, before, now);
  for (const [index, bucket] of charges.buckets.entries()) {
    const state = states[index];
    if (state !== before[index]) table.write(bucket, state, now);
  }
  return decision;
}

function giveBack(table: SqliteTable, taken: readonly Taken[], takenAt: number, now: number): void {
  for (const { bucket, cost } of taken) {
    const before = table.read(bucket);
    if (before === undefined) continue;
    const state = strategyOf(bucket.strategy).giveBack(before, bucket.rule, cost, takenAt, now);
    if (state !== before) table.write(bucket, state, now);
  }
}

function levels(table: SqliteTable, buckets: readonly Bucket[], now: number): Level[] {
  return buckets.map((bucket) => strategyOf(bucket.strategy).level(table.read(bucket), bucket.rule, now));
}

/** Reading needs no lock, but for moments in which another process recovers the file. */
function unlessBusy<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (!isBusy(error)) throw error;
    return undefined;
  }
}

/** Sees to it that there is room on the disk, and leaves that to others. */
async function probe(table: SqliteTable, queue: LockQueue): Promise<void> {
  await queue.run(() => {
    table.fillProbe();
  });
  await queue.run(() => {
    table.emptyProbe();
  });
}

/** What SQLite itself says, not what is wrong with one operation. */
function isOutage(error: unknown): boolean {
  if (error instanceof StoreUnavailable) return true;
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_');
}
