import { LRUCache } from 'lru-cache';
import type { Clock } from '../../../util/clock.ts';
import { type Answer, lastUse } from '../../answer.ts';
import type { AnswerStore } from '../../store.ts';
import type { Tag } from '../../tags.ts';
import { Fence } from '../fence.ts';
import { MemoryPendingAnswer } from './pending-answer.ts';
import { TagIndex } from './tag-index.ts';

export type { MemoryPendingAnswer };

/** What an entry takes beside its texts and its body: objects, numbers, entity tag, its places in the store. */
const entryBytes = 850;
/** What a tag of an entry takes beside its text: its places in the entry and in the index. */
const linkBytes = 64;

/** An answer as the memory store has it. */
interface Entry {
  readonly key: string;
  readonly answer: Answer;
  /** Each once. */
  readonly tags: readonly Tag[];
}

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

function makeEntry(key: string, answer: Answer, tags: Iterable<Tag>): Entry {
  return { key, answer: withOwnBody(answer), tags: [...tags] };
}

/** How many bytes of memory an entry takes, as an estimate; the constants were measured on Node 24, 64 bits. */
function sizeOf({ key, answer, tags }: Entry): number {
  let size = entryBytes + answer.body.byteLength + Buffer.byteLength(key);
  for (const tag of tags) size += linkBytes + Buffer.byteLength(tag);
  return size;
}

/** Small buffers are pieces of a larger one, which would stay in memory as long as any piece is kept. */
function withOwnBody(answer: Answer): Answer {
  const { body } = answer;
  if (body.byteLength === body.buffer.byteLength) return answer;
  const own = Buffer.allocUnsafeSlow(body.byteLength);
  own.set(body);
  return { ...answer, body: own };
}
