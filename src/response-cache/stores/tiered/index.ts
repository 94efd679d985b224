import type { MaybePromise } from '@whatwg-node/promise-helpers';
import type { Clock } from '../../../util/clock.ts';
import { mapMaybePromise } from '../../../util/promises.ts';
import { type Answer, lastUse } from '../../answer.ts';
import type { AnswerStore } from '../../store.ts';
import type { Tag } from '../../tags.ts';
import type { MemoryPendingAnswer } from '../memory/index.ts';
import { createMemoryStore } from '../memory/index.ts';
import type { Invalidated, OnInvalidate, SharedAnswer, SharedAnswers } from '../shared-answers.ts';
import { type Period, TieredPendingAnswer } from './pending-answer.ts';

export interface TieredStoreOptions {
  readonly clock: Clock;
  /** How much memory the copies in this process may take. */
  readonly maxBytes: number;
  /** Opens where processes share answers. */
  readonly open: (onInvalidate: OnInvalidate) => SharedAnswers;
}

/**
 * Answers that processes share, with copies in this process, so that most hits ask nobody. Where the shared answers
 * make nobody wait, it does not either.
 */
export function createTieredStore({
  clock,
  maxBytes,
  open,
}: TieredStoreOptions): AnswerStore & { close(): void } {
  const local = createMemoryStore({ clock, maxBytes });
  const shared = open((invalidated) => {
    local.invalidate(invalidated);
  });

  /** Of some invalidations this process knows only the number, and numbers may be lost: so it has some of its own. */
  let period: Period & { readonly local: number } = { begun: 0, local: 0, begunAfter: undefined };

  /** What has been found, unless it is too old, or was invalidated since it was asked for. */
  function useful(found: SharedAnswer | undefined, since: MemoryPendingAnswer): SharedAnswer | undefined {
    if (found === undefined || clock.now() >= lastUse(found.answer)) return undefined;
    return since.isInvalidated(found.tags) ? undefined : found;
  }

  /** What was stored last: what has been found, or the copy. @param copying begun before it was asked for */
  function latest(
    key: string,
    found: SharedAnswer | undefined,
    copying: MemoryPendingAnswer,
  ): Answer | undefined {
    // It may have come while the other one was under way.
    const copy = local.get(key);
    if (found === undefined || (copy !== undefined && copy.storedAt >= found.answer.storedAt)) return copy;
    copying.keep(key, found.answer, found.tags);
    return found.answer;
  }

  function find(key: string, mayCopy: boolean): MaybePromise<Answer | undefined> {
    const copying = local.begin();
    return mapMaybePromise(shared.find(key), (answer) => {
      const isCurrent = mayCopy && shared.isCurrent();
      const found = useful(answer, copying);
      const given = isCurrent ? latest(key, found, copying) : found?.answer;
      copying.abandon();
      return given;
    });
  }

  return {
    get(key) {
      // What is copied while invalidations go unheard would not be invalidated.
      const isCurrent = shared.isCurrent();
      const copy = isCurrent ? local.get(key) : undefined;
      // In the place of a stale one, another process may have made a fresh one.
      return copy !== undefined && clock.now() < copy.freshUntil ? copy : find(key, isCurrent);
    },

    begin() {
      // Asking for the number may tell of invalidations, which pending answers that begin now are not to be invalidated
      // by.
      const { sequence } = shared;
      const pending = local.begin();
      if (pending.begun !== period.local || sequence !== period.begunAfter) {
        period = { begun: period.begun + 1, local: pending.begun, begunAfter: sequence };
      }
      return new TieredPendingAnswer(shared, pending, period);
    },

    invalidate(tags) {
      const invalidated = invalidatedBy(tags);
      if (invalidated.length === 0) return undefined;
      return mapMaybePromise(shared.invalidate(invalidated), () => {
        local.invalidate(invalidated);
      });
    },

    close() {
      shared.close();
    },
  };
}

function invalidatedBy(tags: Iterable<Tag> | 'everything'): Invalidated {
  return tags === 'everything' ? 'everything' : [...new Set(tags)];
}
