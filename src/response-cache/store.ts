import type { MaybePromise } from '@whatwg-node/promise-helpers';
import type { Answer } from './answer.ts';
import type { Tag } from './tags.ts';

/**
 * Where answers are kept, by key and by tags. Nothing of it throws or rejects: a store that fails has no answers, keeps
 * none, and gives none again that were to be dropped. All members of the family pass
 * tests/response-cache/store.contract.ts.
 */
export interface AnswerStore {
  /** The answer under a key, also a stale one, as long as it is of any use. */
  get(key: string): MaybePromise<Answer | undefined>;
  /** Begins the making of an answer, before anything is read for it. */
  begin(): Making;
  /** Drops all answers with any of the tags, and those in the making: once it returns, nobody is given one of them. */
  drop(tags: Iterable<Tag> | 'everything'): MaybePromise<void>;
}

/** An answer in the making. Ends with `keep` or `abandon`, whichever comes first. */
export interface Making {
  /**
   * Keeps the answer, unless something that it was made from has been dropped since it was begun.
   * @returns what has become of it
   */
  keep(key: string, answer: Answer, tags: Iterable<Tag>): MaybePromise<Kept>;
  abandon(): void;
  /** Whether any of the tags has been dropped since it was begun, as far as this process knows. */
  isOvertaken(tags: Iterable<Tag>): boolean;
  /** Grows with every drop that this process knows of; two makings with equal numbers began between the same drops. */
  readonly begun: number;
}

/**
 * `overtaken`: a write came in between; `too-large`: the store does not keep answers of that size; `unavailable`: it
 * does not work.
 */
export type Kept = 'stored' | 'overtaken' | 'too-large' | 'unavailable';
