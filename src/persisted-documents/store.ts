import type { MaybePromise } from '@whatwg-node/promise-helpers';

/**
 * Where the texts are that clients have registered, by their SHA-256. It takes a bounded number of bytes, and what was
 * registered first, or used least, goes first. Nothing throws or rejects: a store that fails knows no text, and its
 * client sends the text again.
 */
export interface DocumentStore {
  get(hash: string): MaybePromise<string | undefined>;
  /** Keeps a text, unless it is longer than one may be. */
  set(hash: string, text: string): MaybePromise<void>;
  close(): void;
}

/** What a text takes beside its characters. */
export const entryBytes = 200;
/** The part of all bytes that one text may take: strangers can put out others, and not with a few. */
export const largestShare = 1 / 64;
