import { LRUCache } from 'lru-cache';
import { type DocumentStore, entryBytes, largestShare } from '../store.ts';

/** Texts in this process, or copies of what processes share. Those that were used least go first. */
export class MemoryDocuments implements DocumentStore {
  readonly #texts: LRUCache<string, string>;

  constructor({ maxBytes }: { readonly maxBytes: number }) {
    this.#texts = new LRUCache({
      maxSize: maxBytes,
      maxEntrySize: Math.floor(maxBytes * largestShare),
      // A character takes two bytes where any of the text is not in Latin-1.
      sizeCalculation: (text) => 2 * text.length + entryBytes,
    });
  }

  get(hash: string): string | undefined {
    return this.#texts.get(hash);
  }

  set(hash: string, text: string): void {
    this.#texts.set(hash, text);
  }

  /** What all of it takes, in bytes. @internal */
  get bytes(): number {
    return this.#texts.calculatedSize;
  }

  close(): void {
    this.#texts.clear();
  }
}
