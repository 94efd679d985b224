import type { MaybePromise } from '@whatwg-node/promise-helpers';
import type { Logger } from 'pino';
import type { Caller } from './caller/caller.ts';
import type { Operation } from './operation/prepare.ts';
import type { Admission, BucketState } from './rate-limit/index.ts';

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
  /** The caller's rate-limit buckets, read without using anything. */
  readonly rateLimits: () => MaybePromise<BucketState[]>;
}

/** What becomes known of an operation on its way. */
export interface Progress {
  operation?: Operation | undefined;
  /** The limiter's verdict. */
  admission?: Admission | undefined;
  /** Whether the answer came from the cache. */
  isHit?: boolean;
}

/** The context of one operation. */
export interface OperationContext extends RequestContext {
  /** One object for all copies that servers make of the context. */
  readonly progress: Progress;
}
