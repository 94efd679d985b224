import type { MaybePromise } from '@whatwg-node/promise-helpers';
import type { Answer } from '../answer.ts';
import { whenThere } from '../maybe.ts';
import type { Kept, Making } from '../store.ts';
import type { Tag } from '../tags.ts';
import type { MemoryMaking } from './memory-making.ts';
import type { SharedAnswer, SharedAnswers } from './shared-answers.ts';

/** The making of an answer that processes share, and of the copy of it in this process. */
export class TieredMaking implements Making {
  readonly #shared: SharedAnswers;
  readonly #local: MemoryMaking;
  readonly #begunAfter: number | undefined;
  #hasEnded = false;

  /**
   * @param local begun at the same time
   * @param begunAfter the number of the last drop that was known then, if any was
   */
  constructor(shared: SharedAnswers, local: MemoryMaking, begunAfter: number | undefined) {
    this.#shared = shared;
    this.#local = local;
    this.#begunAfter = begunAfter;
  }

  get begun(): number {
    return this.#local.begun;
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
    return whenThere(this.#share(key, { answer, tags: unique }), (kept) => {
      // Drops that go unheard would not drop the copy either.
      if (kept === 'stored' && this.#shared.isCurrent()) this.#local.keep(key, answer, unique);
      // An older copy goes in any case, as in the memory store.
      else if (kept === 'stored' || kept === 'too-large') this.#local.keep(key, useless(answer), []);
      else this.#local.abandon();
      return kept;
    });
  }

  #share(key: string, shared: SharedAnswer): MaybePromise<Kept> {
    if (this.#begunAfter === undefined) return 'unavailable';
    if (this.#local.isOvertaken(shared.tags)) return 'overtaken';
    return this.#shared.keep(key, shared, this.#begunAfter);
  }
}

/** An answer that is too old from the beginning, and goes when it is asked for. */
function useless(answer: Answer): Answer {
  return { ...answer, body: Buffer.alloc(0), staleUntil: 0, errorUntil: 0 };
}
