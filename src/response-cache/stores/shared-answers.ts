import type { MaybePromise } from '@whatwg-node/promise-helpers';
import type { Answer } from '../answer.ts';
import type { Kept } from '../store.ts';
import type { Tag } from '../tags.ts';

/** An answer as processes share it. */
export interface SharedAnswer {
  readonly answer: Answer;
  /** Each once. */
  readonly tags: readonly Tag[];
}

/** Which answers to invalidate. */
export type Invalidated = readonly Tag[] | 'everything';

/** Is told what another process has invalidated, so that this one gives none of its copies of that. */
export type OnInvalidate = (invalidated: Invalidated) => void;

/**
 * Where processes share answers. Invalidations are numbered; an answer counts as invalidated if any of its tags, or
 * everything, was invalidated with a greater number than the one that it was begun after. Nothing throws or rejects.
 */
export interface SharedAnswers {
  /**
   * The number of the last invalidation that this process knows of: whatever is read from now on is newer than that
   * one. Undefined while it knows of none for certain.
   */
  readonly sequence: number | undefined;
  /**
   * Whether copies may be given that this process has: nothing can have been invalidated without its having been told.
   * Catches up first where nobody has to wait for that.
   */
  isCurrent(): boolean;
  find(key: string): MaybePromise<SharedAnswer | undefined>;
  /** @param begunAfter the number of an invalidation that was known before anything was read for the answer */
  keep(key: string, shared: SharedAnswer, begunAfter: number): MaybePromise<Kept>;
  /** Once it has returned, no process gives one of them, and none from a copy of its own either. */
  invalidate(invalidated: Invalidated): MaybePromise<void>;
  close(): void;
}
