import type { Logger } from 'pino';
import type { Tag } from '../tags.ts';
import type { Invalidated } from './shared-answers.ts';

/** More tags than that are everything. */
const maxTags = 10_000;

/** Invalidations that could not be done yet. */
export class Backlog {
  #tags: Set<Tag> | 'everything' = new Set();

  get isEmpty(): boolean {
    return this.#tags !== 'everything' && this.#tags.size === 0;
  }

  add(invalidated: Invalidated): void {
    if (this.#tags === 'everything') return;
    if (invalidated !== 'everything') for (const tag of invalidated) this.#tags.add(tag);
    if (invalidated === 'everything' || this.#tags.size > maxTags) this.#tags = 'everything';
  }

  /** Gives all of them away. */
  take(): Invalidated {
    const taken = this.#tags;
    this.#tags = new Set();
    return taken === 'everything' ? taken : [...taken];
  }

  /** Says in the log what was to be invalidated and never will be, if anything was. @param name of the store */
  tell({ name, log }: { readonly name: string; readonly log: Logger }): void {
    if (this.isEmpty) return;
    const invalidated = this.take();
    const what =
      invalidated === 'everything'
        ? invalidated
        : `${invalidated.length} ${invalidated.length === 1 ? 'tag' : 'tags'}`;
    log.warn(
      { store: name },
      `answers could not be dropped before the end, and may be given by others: ${what}`,
    );
  }
}
