import type { MaybePromise } from '@whatwg-node/promise-helpers';
import { LRUCache } from 'lru-cache';
import type { TableListener, TableNames } from '../database/table-listener.ts';
import { unauthenticated } from '../errors.ts';
import { newReads, recordReads } from '../response-cache/index.ts';
import type { Clock } from '../util/clock.ts';

/** How many users are known to be there. */
const mostKnown = 10_000;
/** How long that counts where nobody hears of a deletion, in milliseconds: one by another machine. */
const longestMs = 10_000;

export interface KnownUsersOptions {
  /** Whether there is a user with an id. */
  readonly hasUser: (userId: string) => MaybePromise<boolean>;
  readonly clock: Clock;
}

/**
 * Knows which users are still there, so that the tokens of deleted ones end. The application is asked once for each,
 * and again after a write to any of the tables in which it looked.
 */
export class KnownUsers {
  readonly #options: KnownUsersOptions;
  /** Until when each is known to be there, in milliseconds since the epoch. */
  readonly #until = new LRUCache<string, number>({ max: mostKnown });
  /** Where the application looks. */
  readonly #reads = newReads();
  #changes = 0;

  constructor(options: KnownUsersOptions) {
    this.#options = options;
  }

  /** Throws or rejects with `UNAUTHENTICATED` where there is no user with an id; a promise only if nobody knows yet. */
  assert(userId: string): MaybePromise<void> {
    const until = this.#until.get(userId);
    return until !== undefined && this.#options.clock.now() < until ? undefined : this.#look(userId);
  }

  /** The listener, which also hears here of what has changed. */
  hearing(listener: TableListener): TableListener {
    return {
      onRead: (tables) => {
        listener.onRead(tables);
      },
      onWrite: (tables, isForeign) => {
        this.#forget(tables);
        return listener.onWrite(tables, isForeign);
      },
    };
  }

  async #look(userId: string): Promise<void> {
    const { hasUser, clock } = this.#options;
    const changes = this.#changes;
    const until = clock.now() + longestMs;
    const isThere = await recordReads(this.#reads, async () => hasUser(userId));
    if (!isThere) throw unauthenticated('The user of this token is not there any more. Sign in again.');
    // Who was read before a deletion may be gone by now.
    if (changes === this.#changes) this.#until.set(userId, until);
  }

  #forget(tables: TableNames): void {
    const { areUnknown, tables: read } = this.#reads;
    const isElsewhere = tables !== undefined && !areUnknown && ![...tables].some((table) => read.has(table));
    if (isElsewhere) return;
    this.#changes += 1;
    this.#until.clear();
  }
}
