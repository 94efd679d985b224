import type { MaybePromise } from '@whatwg-node/promise-helpers';
import { mapMaybePromise } from '../../../util/promises.ts';
import type { Answer } from '../../answer.ts';
import type { Kept, PendingAnswer } from '../../store.ts';
import type { Tag } from '../../tags.ts';
import type { MemoryPendingAnswer } from '../memory/index.ts';
import type { SharedAnswer, SharedAnswers } from '../shared-answers.ts';

/** What lies between two invalidations that this process knows of. */
export interface Period {
  /** Grows with each. */
  readonly begun: number;
  /** The number of the last invalidation that was known then, if any was. */
  readonly begunAfter: number | undefined;
}

/** A pending answer that processes share, and the copy of it in this process. */
export class TieredPendingAnswer implements PendingAnswer {
  readonly #shared: SharedAnswers;
  readonly #local: MemoryPendingAnswer;
  readonly #period: Period;
  #hasEnded = false;

  /** @param local begun in the same period */
  constructor(shared: SharedAnswers, local: MemoryPendingAnswer, period: Period) {
    this.#shared = shared;
    this.#local = local;
    this.#period = period;
  }

  get begun(): number {
    return this.#period.begun;
  }

  isInvalidated(tags: Iterable<Tag>): boolean {
    return this.#local.isInvalidated(tags);
  }

  abandon(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#local.abandon();
  }

  keep(key: string, answer: Answer, tags: Iterable<Tag>): MaybePromise<Kept> {
    if (this.#hasEnded) return 'invalidated';
    this.#hasEnded = true;
    const unique = [...new Set(tags)];
    return mapMaybePromise(this.#share(key, { answer, tags: unique }), (kept) => {
      // Invalidations that go unheard would not invalidate the copy either.
      if (kept === 'stored' && this.#shared.isCurrent()) this.#local.keep(key, answer, unique);
      // An older copy goes in any case, as in the memory store.
      else if (kept === 'stored' || kept === 'too-large') this.#local.keep(key, useless(answer), []);
      else this.#local.abandon();
      return kept;
    });
  }

  #share(key: string, shared: SharedAnswer): MaybePromise<Kept> {
    const { begunAfter } = this.#period;
    if (begunAfter === undefined) return 'unavailable';
    if (this.#local.isInvalidated(shared.tags)) return 'invalidated';
    return this.#shared.keep(key, shared, begunAfter);
  }
}

/** An answer that is too old from the beginning, and goes when it is asked for. */
function useless(answer: Answer): Answer {
  return { ...answer, body: Buffer.alloc(0), staleUntil: 0, errorUntil: 0 };
}
