import { createInMemoryCache, type Cache } from '@envelop/response-cache';
import type { ExecutionResult } from 'graphql';
import type { Clock } from '../clock.ts';

type Data = NonNullable<ExecutionResult['data']>;

/** A kept answer. */
export interface Answer {
  readonly result: ExecutionResult;
  /** Milliseconds since the epoch. */
  readonly freshUntil: number;
}

/** Where answers are kept, by key and by what invalidates them. */
export interface Answers {
  get(key: string): Answer | undefined;
  /**
   * Keeps the data of a result, which must have some, and nothing else of it.
   * @param maxAge seconds
   */
  set(key: string, result: ExecutionResult, tags: Iterable<string>, maxAge: number): void;
  invalidate(tags: readonly string[]): Promise<void>;
  /** How many invalidations there have been. An answer that was begun under another number must not be kept. */
  generation(): number;
}

/** An answer in the cache: as text, so that nobody who changes what they were given changes what is kept. */
interface Kept {
  readonly data: string;
  readonly freshUntil: number;
}

/** Keeps up to 1,000 answers in this process, in the memory cache of \@envelop/response-cache, by our clock. */
export function createAnswers(clock: Clock): Answers {
  const cache: Cache = createInMemoryCache({ max: 1000 });
  // The memory cache holds results; ours stand for what is kept under them here.
  const kept = new WeakMap<ExecutionResult, Kept>();
  let generation = 0;

  return {
    get(key) {
      // The memory cache is synchronous; its interface allows promises for others.
      const handle = cache.get(key) as ExecutionResult | null | undefined;
      const found = handle == null ? undefined : kept.get(handle);
      if (found === undefined || found.freshUntil <= clock.now()) return undefined;
      return { result: { data: JSON.parse(found.data) as Data }, freshUntil: found.freshUntil };
    },
    set(key, { data }, tags, maxAge) {
      const handle: ExecutionResult = {};
      kept.set(handle, { data: JSON.stringify(data), freshUntil: clock.now() + maxAge * 1000 });
      void cache.set(key, handle, asEntities(tags), maxAge * 1000);
    },
    async invalidate(tags) {
      generation += 1;
      await cache.invalidate(asEntities(tags));
    },
    generation: () => generation,
  };
}

function asEntities(tags: Iterable<string>): { typename: string }[] {
  return Array.from(tags, (typename) => ({ typename }));
}
