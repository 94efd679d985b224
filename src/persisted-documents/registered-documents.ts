import type { MaybePromise } from '@whatwg-node/promise-helpers';
import { mapMaybePromise } from '../util/promises.ts';
import { isHash, sha256 } from './document-name.ts';
import type { DocumentStore } from './store.ts';
import type { MemoryDocuments } from './stores/memory.ts';

/**
 * The documents that clients have registered by sending their text with its SHA-256 (Apollo's automatic persisted
 * queries). A text is found by its own hash only, so that nobody can register another's, and copies are never out of date.
 */
export class RegisteredDocuments {
  readonly #copies: MemoryDocuments;
  readonly #shared: DocumentStore | undefined;

  /** @param shared where processes share them; `copies` is all there is without it */
  constructor(copies: MemoryDocuments, shared: DocumentStore | undefined) {
    this.#copies = copies;
    this.#shared = shared;
  }

  find(hash: string): MaybePromise<string | undefined> {
    const copy = this.#copies.get(hash);
    if (copy !== undefined || this.#shared === undefined || !isHash(hash)) return copy;
    return mapMaybePromise(this.#shared.get(hash), (text) => {
      // Others may write to where processes share them.
      if (text === undefined || sha256(text) !== hash) return undefined;
      this.#copies.set(hash, text);
      return text;
    });
  }

  /** Whether a text has this hash. It is not hashed again while this process has a copy. */
  isMatch(hash: string, text: string): boolean {
    return this.isKnown(hash, text) || sha256(text) === hash;
  }

  /** Whether this process has a copy. */
  isKnown(hash: string, text: string): boolean {
    return this.#copies.get(hash) === text;
  }

  /** Has a text found by its hash from now on. Only for texts that are valid documents, and match. */
  register(hash: string, text: string): void {
    this.#copies.set(hash, text);
    // Nobody waits: whoever does not find it sends the text.
    void this.#shared?.set(hash, text);
  }
}
