import type { MaybePromise } from '@whatwg-node/promise-helpers';
import type { Answer } from './answer.ts';
import type { Tag } from './tags.ts';

/**
 * Where answers are kept, by key and by tags. Nothing of it throws or rejects: a store that fails has no answers, keeps
 * none, and gives none again that were to be invalidated. All members of the family pass
 * tests/response-cache/store.contract.ts.
 */
export interface AnswerStore {
  /** The answer under a key, also a stale one, as long as it is of any use. */
  get(key: string): MaybePromise<Answer | undefined>;
  /** Begins an answer, before anything is read for it. */
  begin(): PendingAnswer;
  /**
   * Invalidates all answers with any of the tags, and pending ones: once it returns, nobody is given one of
   * them.
   */
  invalidate(tags: Iterable<Tag> | 'everything'): MaybePromise<void>;
}

/** An answer in the making. Ends with `keep` or `abandon`, whichever comes first. */
export interface PendingAnswer {
  /**
   * Keeps the answer, unless something that it was made from has been invalidated since it was begun.
   * @returns what has become of it
   */
  keep(key: string, answer: Answer, tags: Iterable<Tag>): MaybePromise<Kept>;
  abandon(): void;
  /** Whether any of the tags has been invalidated since it was begun, as far as this process knows. */
  isInvalidated(tags: Iterable<Tag>): boolean;
  /**
   * Grows with every invalidation that this process knows of; two pending answers with equal numbers began between the
   * same invalidations.
   */
  readonly begun: number;
}

/**
 * `invalidated`: a write came in between; `too-large`: the store does not keep answers of that size; `unavailable`: it
 * does not work.
 */
export type Kept = 'stored' | 'invalidated' | 'too-large' | 'unavailable';
