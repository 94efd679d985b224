import type { MaybePromise } from '@whatwg-node/promise-helpers';
import type { Clock } from '../../clock.ts';
import { lastUse, type Answer } from '../answer.ts';
import { whenThere } from '../maybe.ts';
import type { AnswerStore } from '../store.ts';
import type { MemoryMaking } from './memory-making.ts';
import { createMemoryStore } from './memory.ts';
import type { Dropped, OnDrop, SharedAnswer, SharedAnswers } from './shared-answers.ts';
import type { Tag } from '../tags.ts';
import { TieredMaking } from './tiered-making.ts';

export interface TieredStoreOptions {
  readonly clock: Clock;
  /** How much memory the copies in this process may take. */
  readonly maxBytes: number;
  /** Opens where processes share answers. */
  readonly open: (onDrop: OnDrop) => SharedAnswers;
}

/**
 * Answers that processes share, with copies in this process, so that most hits ask nobody. Where the shared answers make
 * nobody wait, it does not either.
 */
export function createTieredStore({
  clock,
  maxBytes,
  open,
}: TieredStoreOptions): AnswerStore & { close(): void } {
  const local = createMemoryStore({ clock, maxBytes });
  const shared = open((dropped) => {
    local.drop(dropped);
  });

  /** What has been found, unless it is too old, or was dropped since it was asked for. */
  function useful(found: SharedAnswer | undefined, since: MemoryMaking): SharedAnswer | undefined {
    if (found === undefined || clock.now() >= lastUse(found.answer)) return undefined;
    return since.isOvertaken(found.tags) ? undefined : found;
  }

  /** @param copying begun before it was asked for */
  function copied(key: string, found: SharedAnswer, copying: MemoryMaking): Answer {
    // A copy that is there now came while this one was under way, and may be of a newer answer.
    const copy = local.get(key);
    if (copy !== undefined) return copy;
    copying.keep(key, found.answer, found.tags);
    return found.answer;
  }

  function find(key: string, mayCopy: boolean): MaybePromise<Answer | undefined> {
    const copying = local.begin();
    return whenThere(shared.find(key), (answer) => {
      const isCurrent = mayCopy && shared.isCurrent();
      const found = useful(answer, copying);
      const given = isCurrent && found !== undefined ? copied(key, found, copying) : found?.answer;
      copying.abandon();
      return given;
    });
  }

  return {
    get(key) {
      // What is copied while drops go unheard would not be dropped.
      const isCurrent = shared.isCurrent();
      return (isCurrent ? local.get(key) : undefined) ?? find(key, isCurrent);
    },

    begin() {
      // Asking for the number may tell of drops, which makings that begin now are not to be overtaken by.
      const { sequence } = shared;
      return new TieredMaking(shared, local.begin(), sequence);
    },

    drop(tags) {
      const dropped = droppedBy(tags);
      if (dropped.length === 0) return undefined;
      return whenThere(shared.drop(dropped), () => {
        local.drop(dropped);
      });
    },

    close() {
      shared.close();
    },
  };
}

function droppedBy(tags: Iterable<Tag> | 'everything'): Dropped {
  return tags === 'everything' ? 'everything' : [...new Set(tags)];
}
