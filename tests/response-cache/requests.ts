import type { Entry, Made } from '../../src/response-cache/answer-cache.ts';
import type { CachePlan } from '../../src/response-cache/cache-plan.ts';
import type { CacheRequest } from '../../src/response-cache/cache-request.ts';
import type { Flight } from '../../src/response-cache/flight.ts';

/** An operation that asks the cache for `Query.n`, fresh for a minute. */
export function requestFor(windows: Partial<CachePlan> = {}): CacheRequest {
  return {
    key: 'k',
    plan: {
      maxAge: 60,
      staleWhileRevalidate: 0,
      staleIfError: 0,
      scope: 'PUBLIC',
      tags: ['Query.n'],
      singles: new Map(),
      findsEntities: false,
      opaque: new Set(),
      ...windows,
    },
    mayRead: true,
    mayKeep: true,
  };
}

/** What such an operation has come to. */
export function made(n: number): Made {
  return { result: { data: { n } }, tags: [], restriction: {}, isFailure: false };
}

/** The flight of one who has to make the answer. */
export function flightOf(entry: Entry): Flight {
  if (entry.kind !== 'make') throw new Error('There is an answer already.');
  return entry.flight;
}
