import type { DatabaseConnection } from 'kysely';
import { CompiledQuery, SqliteDriver } from 'kysely';

const done = Promise.resolve();

/** For how long queries follow each other without anything else being seen to, in milliseconds. */
const turnMs = 10;

/**
 * Gives the one connection to a SQLite file to one query or transaction after the other, in the order in which they ask
 * for it. Where a dialect has one connection Kysely can see to that as well, but then each one that is done wakes all
 * that wait.
 */
export class QueueingDriver extends SqliteDriver {
  readonly #waiting: (() => void)[] = [];
  #isTaken = false;
  #gaveWayAt = 0;

  override async acquireConnection(): Promise<DatabaseConnection> {
    if (this.#isTaken) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#isTaken = true;
    return await super.acquireConnection();
  }

  override releaseConnection(): Promise<void> {
    const next = this.#waiting.shift();
    // Those who wait would come one after the other before anything else: nobody would notice that a client has left.
    if (next !== undefined && performance.now() - this.#gaveWayAt > turnMs) {
      setImmediate(() => {
        this.#gaveWayAt = performance.now();
        next();
      });
      return done;
    }
    // It stays taken for the next one: whoever asks before that has woken up must not come first.
    if (next === undefined) this.#isTaken = false;
    else next();
    return done;
  }

  /**
   * Takes the write lock when a transaction begins. A transaction that begins with a read and writes later fails at once
   * when another process has written meanwhile, however long the busy timeout is.
   */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }
}
