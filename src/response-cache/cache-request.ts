import type { MaybePromise } from '@whatwg-node/promise-helpers';
import type { Caller } from '../caller/caller.ts';
import type { Answer } from './answer.ts';
import { answerKey, ownerOf } from './answer-key.ts';
import type { CachePlan } from './cache-plan.ts';

/** What the client's Cache-Control asks for, where the caller may ask for it. */
export interface RequestCacheControl {
  /** A fresh answer. */
  readonly noCache: boolean;
  /** An answer that is not kept. */
  readonly noStore: boolean;
}

/** An operation that may be answered from the cache. */
export interface CacheRequest {
  readonly key: string;
  readonly plan: CachePlan;
  /** Whether an answer that is there, or in the making, is good enough. */
  readonly mayRead: boolean;
  /** Whether what is made may be kept. */
  readonly mayKeep: boolean;
}

/** An answer that has been asked for. */
export interface LookUp {
  readonly request: CacheRequest;
  readonly answer: MaybePromise<Answer | undefined>;
}

/** What the cache knows of an operation, whoever asks for it. */
export interface CachedOperation {
  readonly digest: string;
  /** The names of the variables it declares. */
  readonly variableNames: readonly string[];
  /** How its answers may be kept; undefined: not at all. */
  readonly cachePlan: CachePlan | undefined;
}

/** Who asks for an operation, and how. */
export interface AskedBy {
  readonly caller: Caller;
  readonly requestCacheControl: RequestCacheControl | undefined;
}

/**
 * What an operation asks of the cache; undefined where it has no business with it.
 * @param variables as they were sent
 */
export function cacheRequestOf(
  { digest, variableNames: declared, cachePlan: plan }: CachedOperation,
  variables: Readonly<Record<string, unknown>>,
  { caller, requestCacheControl }: AskedBy,
): CacheRequest | undefined {
  if (plan === undefined) return undefined;
  const owner = plan.scope === 'PRIVATE' ? ownerOf(caller) : null;
  if (plan.scope === 'PRIVATE' && owner === null) return undefined;
  const key = answerKey({ digest, declared, variables, owner });
  if (key === undefined) return undefined;
  const { noCache = false, noStore = false } = requestCacheControl ?? {};
  return { key, plan, mayRead: !noCache && !noStore, mayKeep: !noStore };
}
