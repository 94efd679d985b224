import type { MaybePromise } from '@whatwg-node/promise-helpers';
import type { Logger } from 'pino';
import type { Caller } from '../caller/caller.ts';
import type { CoercedVariables } from '../execution/index.ts';
import type { Admission, BucketState } from '../rate-limit/index.ts';
import type { CacheProgress, Invalidate, RequestCacheControl, Restriction } from '../response-cache/index.ts';
import type { Operation } from './prepare.ts';

/** What the context of an operation holds, whatever the application adds to it. */
export interface ServerContext {
  /** Names the request in the response header `X-Request-Id`, in masked errors and in the log. */
  readonly requestId: string;
  /** The HTTP method. */
  readonly method: string;
  readonly caller: Caller;
  readonly log: Logger;
  /** Header fields to send with the response, by name. */
  readonly headers: Map<string, string>;
  /** What the client asks of the cache, where the caller may. */
  readonly requestCacheControl: RequestCacheControl | undefined;
  /** The cache, as resolvers may use it. */
  readonly cache: ContextCache;
  /** The caller's rate-limit buckets, read without using anything. */
  readonly rateLimits: () => MaybePromise<readonly BucketState[]>;
}

/** What resolvers can say to the cache. */
export interface ContextCache {
  /** Drops answers; nobody is given one of them once the promise resolves. */
  readonly invalidate: Invalidate;
  /** Has the answer to this operation kept for less time than the schema allows, or for this caller only. */
  readonly restrict: (restriction: Restriction) => void;
}

/** What becomes known of an operation on its way. */
export interface Progress extends CacheProgress {
  /** Its variables, once they are found to be right. */
  coerced?: CoercedVariables | undefined;
  operation?: Operation | undefined;
  /** The limiter's decision. */
  admission?: Admission | undefined;
}

/** The context of one operation. */
export interface OperationContext extends ServerContext {
  /** One object for all copies that servers make of the context. */
  readonly progress: Progress;
}

/** What is known of a request before its operations have contexts. */
export type RequestFacts = Pick<ServerContext, 'requestId' | 'method' | 'caller' | 'requestCacheControl'>;

/** What is known of one operation before it has a context: most of those that are not executed never have one. */
export interface OperationFacts extends RequestFacts {
  readonly progress: Progress;
}

/** Makes the context of one operation. */
export type CreateContext = (operation: OperationFacts) => MaybePromise<OperationContext>;
