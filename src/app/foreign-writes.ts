import type { TableListener } from '../database/table-listener.ts';
import { type AnswerStore, noteRead, tableTag } from '../response-cache/index.ts';

/** How long a process that shares the answers may take from its write to its telling of it, in milliseconds. */
const tellingMs = 150;
/** How far apart a write and the telling of it may come to be noticed, in milliseconds. */
const togetherMs = 600;
const doubtfulMs = 10_000;

/** Where answers are kept, and when other processes that share them were last heard of. */
export interface SharedBy {
  readonly store: AnswerStore;
  /**
   * Milliseconds since another process told of an invalidation; Infinity if none has, undefined if none shares the
   * answers.
   */
  readonly heardAgo: (() => number) | undefined;
}

/**
 * Invalidates everything after another program has written to the database, as nobody knows what. Processes that share
 * their answers invalidate by themselves what they write: where such invalidations have been heard of, the write was
 * most likely one of theirs, and everything goes only after a while, in case it was not.
 */
export class ForeignWrites {
  readonly #answers: SharedBy;
  #soon: NodeJS.Timeout | undefined;
  #late: NodeJS.Timeout | undefined;

  constructor(answers: SharedBy) {
    this.#answers = answers;
  }

  /**
   * Invalidates what others may have written to a file while nobody watched it: answers can be older than this process.
   */
  async begin({ url }: { readonly url: string }): Promise<void> {
    const { store, heardAgo } = this.#answers;
    if (heardAgo !== undefined && /^sqlite:(?!:memory:)/.test(url)) await store.invalidate('everything');
  }

  /** To be called whenever somebody else has written. */
  note(): void {
    const { heardAgo } = this.#answers;
    if (heardAgo === undefined) this.#invalidateEverything();
    else {
      this.#soon ??= setTimeout(() => {
        this.#judge(heardAgo());
      }, tellingMs).unref();
    }
  }

  end(): void {
    clearTimeout(this.#soon);
    clearTimeout(this.#late);
    this.#soon = undefined;
    this.#late = undefined;
  }

  #judge(heardAgo: number): void {
    this.#soon = undefined;
    if (heardAgo > togetherMs) {
      this.#invalidateEverything();
      return;
    }
    this.#late ??= setTimeout(() => {
      this.#invalidateEverything();
    }, doubtfulMs).unref();
  }

  #invalidateEverything(): void {
    this.end();
    void this.#answers.store.invalidate('everything');
  }
}

/**
 * Notes what operations read from tables, and invalidates the answers that were made from tables which have changed.
 */
export function tagByTables(answers: AnswerStore, foreign: ForeignWrites): TableListener {
  return {
    onRead: noteRead,
    onWrite(tables, isForeign) {
      if (!isForeign)
        return answers.invalidate(tables === undefined ? 'everything' : Array.from(tables, tableTag));
      foreign.note();
      return undefined;
    },
  };
}
