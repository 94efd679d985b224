import { LRUCache } from 'lru-cache';
import type { Clock } from '../../../util/clock.ts';
import { type Answer, lastUse } from '../../answer.ts';
import type { AnswerStore } from '../../store.ts';
import type { Tag } from '../../tags.ts';
import { Fence } from '../fence.ts';
import { type Entry, makeEntry, sizeOf } from './entry.ts';
import { MemoryPendingAnswer } from './pending-answer.ts';
import { TagIndex } from './tag-index.ts';

export type { MemoryPendingAnswer };

/** One answer may take this part of the memory. */
const largestShare = 1 / 16;

export interface MemoryStoreOptions {
  readonly clock: Clock;
  /** How much memory the answers may take, a whole number. Those that were not asked for longest go first. */
  readonly maxBytes: number;
}

/** A store that nobody has to wait for. */
export interface MemoryAnswerStore extends AnswerStore {
  get(key: string): Answer | undefined;
  begin(): MemoryPendingAnswer;
  invalidate(tags: Iterable<Tag> | 'everything'): void;
  /** The memory that the answers take, as an estimate. */
  readonly bytes: number;
  /** How many answers there are, also those that are too old but have not been asked for since. */
  readonly entries: number;
  /** How many tags these have together. */
  readonly links: number;
}

/** Keeps answers in this process. Everything is synchronous, so no other request can come between. */
export function createMemoryStore({ clock, maxBytes }: MemoryStoreOptions): MemoryAnswerStore {
  const fence = new Fence();
  let { cache, index } = openShelf(maxBytes);

  function store(key: string, answer: Answer, tags: Iterable<Tag>) {
    const entry = makeEntry(key, answer, tags);
    const size = sizeOf(entry);
    // An older answer goes in any case: who has seen the new one must not be given that.
    cache.delete(key);
    if (size > maxBytes * largestShare) return 'too-large';
    cache.set(key, entry, { size });
    index.add(entry);
    return 'stored';
  }

  return {
    get(key) {
      const entry = cache.get(key);
      if (entry === undefined) return undefined;
      if (clock.now() < lastUse(entry.answer)) return entry.answer;
      cache.delete(key);
      return undefined;
    },

    begin: () => new MemoryPendingAnswer(fence, store),

    invalidate(tags) {
      if (tags === 'everything') {
        fence.invalidateEverything();
        ({ cache, index } = openShelf(maxBytes));
        return;
      }
      const invalidated = [...tags];
      fence.invalidate(invalidated);
      for (const tag of invalidated) for (const { key } of index.take(tag)) cache.delete(key);
    },

    get bytes() {
      return cache.calculatedSize;
    },
    get entries() {
      return cache.size;
    },
    get links() {
      return index.links;
    },
  };
}

/** Where answers are, by key and by tag. */
function openShelf(maxBytes: number): { cache: LRUCache<string, Entry>; index: TagIndex<Entry> } {
  const index = new TagIndex<Entry>();
  const dispose = (entry: Entry): void => {
    index.remove(entry);
  };
  return { cache: new LRUCache({ maxSize: maxBytes, dispose }), index };
}
