import type { CacheEntityRecord } from '@envelop/response-cache';
import type { MaybePromise } from '@whatwg-node/promise-helpers';
import type { Caller } from '../caller/caller.ts';
import type { Answer } from './answer.ts';
import type { ChangePlan } from './change-plan.ts';
import type { CacheRequest, Flight } from './flight.ts';
import type { CacheOutcome } from './outcome.ts';
import type { CachePlan } from './plan.ts';
import type { Restriction } from './restriction.ts';

/** What the client's Cache-Control asks for, where the caller may ask for it. */
export interface RequestCacheControl {
  /** A fresh answer. */
  readonly noCache: boolean;
  /** An answer that is not kept. */
  readonly noStore: boolean;
}

/** What the cache knows of an operation before it runs. */
export interface CachedOperation {
  readonly digest: string;
  /** The names of the variables it declares. */
  readonly variables: readonly string[];
  readonly cache: CachePlan | undefined;
  readonly changes: ChangePlan | undefined;
}

/** An answer that has been asked for. */
export interface LookUp {
  readonly request: CacheRequest;
  readonly answer: MaybePromise<Answer | undefined>;
}

/** What the cache notes of an operation on its way. */
export interface CacheProgress {
  readonly operation?: CachedOperation | undefined;
  /** What limits say of it. An answer that lacks what is denied is of no use to others, and theirs not for this caller. */
  readonly admission?: { readonly isDenied: boolean } | undefined;
  /** Whether it makes a fresh answer in place of one that has been given already. */
  readonly isRefresh?: boolean;
  /** Whether its answer leaves piece by piece: such answers are neither kept nor given. */
  readonly isStream?: boolean;
  /** What was looked up for it before it was admitted. */
  lookUp?: LookUp;
  /** What has become of it. */
  outcome?: CacheOutcome;
  /** The answer that it makes. */
  flight?: Flight;
  /** Set where a fresh answer has to be made after this one is sent; to be called when that has ended. */
  refreshed?: () => void;
  /** The objects in its result. */
  entities?: readonly CacheEntityRecord[];
  /** What resolvers have said of its answer. */
  restriction?: Restriction;
}

/** What the cache reads from an operation's context, and writes to it. */
export interface CacheContext {
  readonly caller: Caller;
  readonly requestCacheControl?: RequestCacheControl | undefined;
  readonly progress: CacheProgress;
}
