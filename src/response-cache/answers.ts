import { createInMemoryCache, type Cache } from '@envelop/response-cache';
import type { ExecutionResult } from 'graphql';
import type { Clock } from '../clock.ts';

/** A kept answer. */
export interface Answer {
  readonly result: ExecutionResult;
  /** Milliseconds since the epoch. */
  readonly freshUntil: number;
}

/** Where answers are kept, by key and by what invalidates them. */
export interface Answers {
  get(key: string): Answer | undefined;
  /** @param maxAge seconds */
  set(key: string, result: ExecutionResult, tags: Iterable<string>, maxAge: number): void;
  invalidate(tags: readonly string[]): Promise<void>;
  /** How many invalidations there have been. An answer that was begun under another number must not be kept. */
  generation(): number;
}

/** Keeps up to 1,000 answers in this process, in the memory cache of \@envelop/response-cache, by our clock. */
export function createAnswers(clock: Clock): Answers {
  const cache: Cache = createInMemoryCache({ max: 1000 });
  const freshUntil = new WeakMap<ExecutionResult, number>();
  let generation = 0;

  return {
    get(key) {
      // The memory cache is synchronous; its interface allows promises for others.
      const result = cache.get(key) as ExecutionResult | null | undefined;
      const until = result == null ? undefined : freshUntil.get(result);
      return result == null || until === undefined || until <= clock.now()
        ? undefined
        : { result, freshUntil: until };
    },
    set(key, result, tags, maxAge) {
      freshUntil.set(result, clock.now() + maxAge * 1000);
      void cache.set(key, result, asEntities(tags), maxAge * 1000);
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
