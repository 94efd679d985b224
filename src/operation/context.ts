import type { MaybePromise } from '@whatwg-node/promise-helpers';
import type { Logger } from 'pino';
import type { BucketState } from '../rate-limit/index.ts';
import type { Invalidate, Restriction } from '../response-cache/index.ts';
import type { IdentifiedRequest, StageHolder } from './stages.ts';

/** What the context of an operation holds, whatever the application adds to it. */
export interface ServerContext extends IdentifiedRequest {
  /** Lines in it, and masked errors, name the request by `requestId`, as does the header `X-Request-Id`. */
  readonly log: Logger;
  /** Aborts when the client has left or the time for the operation is over. What has begun may end early then. */
  readonly signal: AbortSignal;
  /** Header fields to send with the response, by name. */
  readonly headers: Map<string, string>;
  /** The cache, as resolvers may use it. */
  readonly cache: ContextCache;
  /** The caller's rate-limit buckets, read without using anything. */
  readonly rateLimits: () => MaybePromise<readonly BucketState[]>;
}

/** What resolvers can say to the cache. */
interface ContextCache {
  /** Invalidates answers; nobody is given one of them once the promise resolves. */
  readonly invalidate: Invalidate;
  /** Has the answer to this operation kept for less time than the schema allows, or for this caller only. */
  readonly restrict: (restriction: Restriction) => void;
}

/** The context of one operation, with what the server keeps in it for itself. */
export interface OperationContext extends ServerContext {
  readonly sluice: StageHolder;
}

/** Makes the context of one operation. Most of those that are not executed never have one. */
export type CreateContext = (
  request: IdentifiedRequest,
  holder: StageHolder,
) => MaybePromise<OperationContext>;
