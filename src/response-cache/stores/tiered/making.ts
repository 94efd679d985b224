import type { MaybePromise } from '@whatwg-node/promise-helpers';
import { mapMaybePromise } from '../../../util/promises.ts';
import type { Answer } from '../../answer.ts';
import type { Kept, Making } from '../../store.ts';
import type { Tag } from '../../tags.ts';
import type { MemoryMaking } from '../memory/index.ts';
import type { SharedAnswer, SharedAnswers } from '../shared-answers.ts';

/** What lies between two drops that this process knows of. */
export interface Period {
  /** Grows with each. */
  readonly begun: number;
  /** The number of the last drop that was known then, if any was. */
  readonly begunAfter: number | undefined;
}

/** The making of an answer that processes share, and of the copy of it in this process. */
export class TieredMaking implements Making {
  readonly #shared: SharedAnswers;
  readonly #local: MemoryMaking;
  readonly #period: Period;
  #hasEnded = false;

  /** @param local begun in the same period */
  constructor(shared: SharedAnswers, local: MemoryMaking, period: Period) {
    this.#shared = shared;
    this.#local = local;
    this.#period = period;
  }

  get begun(): number {
    return this.#period.begun;
  }

  isOvertaken(tags: Iterable<Tag>): boolean {
    return this.#local.isOvertaken(tags);
  }

  abandon(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#local.abandon();
  }

  keep(key: string, answer: Answer, tags: Iterable<Tag>): MaybePromise<Kept> {
    if (this.#hasEnded) return 'overtaken';
    this.#hasEnded = true;
    const unique = [...new Set(tags)];
    return mapMaybePromise(this.#share(key, { answer, tags: unique }), (kept) => {
      // Drops that go unheard would not drop the copy either.
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
    if (this.#local.isOvertaken(shared.tags)) return 'overtaken';
    return this.#shared.keep(key, shared, begunAfter);
  }
}

/** An answer that is too old from the beginning, and goes when it is asked for. */
function useless(answer: Answer): Answer {
  return { ...answer, body: Buffer.alloc(0), staleUntil: 0, errorUntil: 0 };
}
