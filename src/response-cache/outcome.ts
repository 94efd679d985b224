import type { Answer } from './answer.ts';
import type { CacheScope } from './hints.ts';

/** What the cache has to do with the answer to an operation. */
export interface CacheOutcome {
  /**
   * `hit`: given from the cache, perhaps stale while a fresh one is made; `miss`: made anew; `collapsed`: made anew for
   * an identical operation at the same time; `request`: made anew because the client asked for that; `failure`: an old
   * answer in place of a failure.
   */
  readonly how: 'hit' | 'miss' | 'collapsed' | 'request' | 'failure';
  /** Who may share the answer. */
  readonly scope: CacheScope;
  /** The answer whose body is to be sent. Undefined where the result has to be sent as it is, which nobody may keep. */
  readonly answer?: Answer;
  /** Whether the answer that was made is kept; a word where it is not, for whoever wonders why. */
  readonly stored?:
    true | 'invalidated' | 'too-large' | 'unavailable' | 'unknown-tables' | 'error' | 'not-wanted';
}
