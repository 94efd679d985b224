import type { Answer } from '../../answer.ts';
import type { Kept, Making } from '../../store.ts';
import type { Tag } from '../../tags.ts';
import type { Fence, Place } from '../fence.ts';

type Store = (key: string, answer: Answer, tags: ReadonlySet<Tag>) => Kept;

/**
 * The making of an answer for the memory store. Once it has ended, `keep` stores nothing and says `overtaken`.
 * `isOvertaken` never says no wrongly, also after the end; of the tags that the answer was kept with it is exact until
 * something else is dropped, and of others it says yes if anything at all may have been dropped.
 */
export class MemoryMaking implements Making {
  readonly #fence: Fence;
  readonly #store: Store;
  readonly #place: Place;
  #hasEnded = false;
  /** Tags of which none had been dropped when it ended. */
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
    if (this.#hasEnded) return 'overtaken';
    const unique = new Set(tags);
    const isOvertaken = this.#fence.isOvertaken(this.begun, unique);
    this.abandon();
    if (isOvertaken) return 'overtaken';
    this.#clean = unique;
    this.#cleanAt = this.#fence.sequence;
    return this.#store(key, answer, unique);
  }

  abandon(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#fence.end(this.#place);
  }

  isOvertaken(tags: Iterable<Tag>): boolean {
    const asked = [...tags];
    const clean = this.#clean;
    const isClean = clean !== undefined && asked.every((tag) => clean.has(tag));
    return this.#fence.isOvertaken(isClean ? this.#cleanAt : this.begun, asked);
  }
}
