import type { MaybePromise } from '@whatwg-node/promise-helpers';
import type { Logger } from 'pino';
import type { Caller } from './caller/caller.ts';
import type { CoercedVariables } from './execution/index.ts';
import type { Operation } from './operation/prepare.ts';
import type { Admission, BucketState } from './rate-limit/index.ts';
import type { CacheProgress, CacheWishes, Invalidate, Restriction } from './response-cache/index.ts';

/** What is known of a request before its operations run. */
export interface RequestContext {
  /** Names the request in the response header `X-Request-Id`, in masked errors and in the log. */
  readonly requestId: string;
  /** The HTTP method. */
  readonly method: string;
  readonly caller: Caller;
  readonly log: Logger;
  /** Header fields to send with the response, by name. */
  readonly headers: Map<string, string>;
  /** What the client asks of the cache, where the caller may. */
  readonly cacheWishes: CacheWishes | undefined;
  /** The cache, as resolvers may use it. */
  readonly cache: CacheControl;
  /** The caller's rate-limit buckets, read without using anything. */
  readonly rateLimits: () => MaybePromise<readonly BucketState[]>;
}

/** What resolvers can say to the cache. */
export interface CacheControl {
  /** Drops answers; nobody is given one of them once the promise resolves. */
  readonly invalidate: Invalidate;
  /** Has the answer to this operation kept for less time than the schema allows, or for this caller only. */
  readonly restrict: (restriction: Restriction) => void;
}

/** What becomes known of an operation on its way. */
export interface Progress extends CacheProgress {
  operation?: Operation | undefined;
  /** Its variables, once they are found to be right. */
  coerced?: CoercedVariables | undefined;
  /** The limiter's verdict. */
  admission?: Admission | undefined;
}

/** The context of one operation. */
export interface OperationContext extends RequestContext {
  /** One object for all copies that servers make of the context. */
  readonly progress: Progress;
}

/** What is known of a request before its operations have contexts. */
export type RequestFacts = Pick<RequestContext, 'requestId' | 'method' | 'caller' | 'cacheWishes'>;

/** What is known of one operation before it has a context: most of those that are not executed never have one. */
export interface OperationFacts extends RequestFacts {
  readonly progress: Progress;
}

/** Makes the context of one operation. */
export type CreateContext = (operation: OperationFacts) => MaybePromise<OperationContext>;
