import type { Tag } from '../tags.ts';
import type { Dropped } from './shared-answers.ts';

/** More tags than that are everything. */
const maxTags = 10_000;

/** Drops that could not be done yet. */
export class PendingDrops {
  #tags: Set<Tag> | 'everything' = new Set();

  get isEmpty(): boolean {
    return this.#tags !== 'everything' && this.#tags.size === 0;
  }

  add(dropped: Dropped): void {
    if (this.#tags === 'everything') return;
    if (dropped !== 'everything') for (const tag of dropped) this.#tags.add(tag);
    if (dropped === 'everything' || this.#tags.size > maxTags) this.#tags = 'everything';
  }

  /** Gives all of them away. */
  take(): Dropped {
    const taken = this.#tags;
    this.#tags = new Set();
    return taken === 'everything' ? taken : [...taken];
  }
}
