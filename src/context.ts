import type { Logger } from 'pino';
import type { Caller } from './caller/caller.ts';
import type { Operation } from './operation/prepare.ts';
import type { BucketState } from './rate-limit/verdict.ts';

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
  readonly rateLimits: () => BucketState[];
}

/** The context of one operation while the pipeline runs it. */
export interface OperationContext extends RequestContext {
  operation?: Operation | undefined;
}
