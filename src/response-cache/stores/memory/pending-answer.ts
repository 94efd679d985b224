import type { Answer } from '../../answer.ts';
import type { Kept, PendingAnswer } from '../../store.ts';
import type { Tag } from '../../tags.ts';
import type { Fence, Place } from '../fence.ts';

type Store = (key: string, answer: Answer, tags: ReadonlySet<Tag>) => Kept;

/**
 * A pending answer of the memory store. Once it has ended, `keep` stores nothing and says `invalidated`.
 * `isInvalidated` never says no wrongly, also after the end; of the tags that the answer was kept with it is exact
 * until something else is invalidated, and of others it says yes if anything at all may have been invalidated.
 */
export class MemoryPendingAnswer implements PendingAnswer {
  readonly #fence: Fence;
  readonly #store: Store;
  readonly #place: Place;
  #hasEnded = false;
  /** Tags of which none had been invalidated when it ended. */
  #clean: ReadonlySet<Tag> | undefined;
  #cleanAt = 0;

  constructor(fence: Fence, store: Store) {
    this.#fence = fence;
    this.#store = store;
    this.#place = fence.begin();
  }

  get begun(): number {
    return this.#place.value.begun;
  }

  keep(key: string, answer: Answer, tags: Iterable<Tag>): Kept {
    if (this.#hasEnded) return 'invalidated';
    const unique = new Set(tags);
    const isInvalidated = this.#fence.isInvalidated(this.begun, unique);
    this.abandon();
    if (isInvalidated) return 'invalidated';
    this.#clean = unique;
    this.#cleanAt = this.#fence.sequence;
    return this.#store(key, answer, unique);
  }

  abandon(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#fence.end(this.#place);
  }

  isInvalidated(tags: Iterable<Tag>): boolean {
    const asked = [...tags];
    const clean = this.#clean;
    const isClean = clean !== undefined && asked.every((tag) => clean.has(tag));
    return this.#fence.isInvalidated(isClean ? this.#cleanAt : this.begun, asked);
  }
}
