import { LRUCache } from 'lru-cache';

/** How many characters the texts of kept documents have together; a document takes 250 times its text. */
export const textOfDocuments = 1_000_000;

/**
 * Keeps what was used last, by texts. What is longer than a tenth of all is not kept: it would put out the others.
 * @param mostText how many characters the texts have together
 */
export function createTextCache<Value extends object>(mostText: number): LRUCache<string, Value> {
  return new LRUCache({
    maxSize: mostText,
    maxEntrySize: mostText / 10,
    // However short a text is, what is kept under it takes memory.
    sizeCalculation: (_value, text) => text.length + 200,
  });
}
