import type { MaybePromise } from '@whatwg-node/promise-helpers';
import { LRUCache } from 'lru-cache';
import type { Caller } from '../caller/caller.ts';
import type { ErrorCode } from '../errors.ts';
import {
  type Admission,
  costExtension,
  type HeaderField,
  type HeaderStyle,
  type Limiter,
  limitExtension,
  limitFields,
} from '../rate-limit/index.ts';
import type { Clock } from '../util/clock.ts';
import { mapMaybePromise } from '../util/promises.ts';
import type { GraphQLResponse, OperationResponse } from './response.ts';

/** What responses tell of limits. */
export interface LimitReporter {
  /** The header fields of a response to operations with these decisions. */
  fields(admissions: readonly Admission[]): readonly HeaderField[];
  /** The response, and what it tells of the limits of its operation where that is wanted. */
  extend<Response extends OperationResponse>(response: Response, admission: Admission | undefined): Response;
  /**
   * Counts a response that shows a request not to have become an operation. Once there were too many from the caller's
   * address, the response is a rejection instead, and has a decision.
   */
  count(response: GraphQLResponse, caller: Caller): MaybePromise<Counted>;
  /**
   * What whoever sends something unknown is told while there were too many requests that are no good from the address;
   * undefined while there were not. What is denied takes nothing, so that it makes nothing longer.
   */
  refusal(caller: Caller): MaybePromise<Counted | undefined>;
}

/** A response once it is counted, and the decision that made it another one. */
export interface Counted {
  readonly response: GraphQLResponse;
  readonly admission?: Admission;
}

export interface LimitReporterOptions {
  readonly limiter: Limiter;
  readonly style: HeaderStyle;
  /** Whether responses tell of the limits they were under. */
  readonly withExtension: boolean;
  /** Whether they tell of what their operation cost, and the most that it may; undefined: not at all. */
  readonly tellsCostOf?: number | undefined;
  readonly clock: Clock;
}

/** Errors without data that do not say that the request was no good. */
const notInvalid: ReadonlySet<unknown> = new Set<ErrorCode>([
  'CLIENT_CLOSED_REQUEST',
  'EXECUTION_TIMEOUT',
  'INTERNAL_SERVER_ERROR',
  'LIMITER_UNAVAILABLE',
  'RATE_LIMITED',
  'RATE_LIMIT_COST_EXCEEDED',
  'RESPONSE_TOO_LARGE',
]);

const none: readonly HeaderField[] = [];

/** How many addresses are known to be over their limit; of more, those that came last. */
const mostAddresses = 10_000;

export function createLimitReporter({
  limiter,
  style,
  withExtension,
  tellsCostOf,
  clock,
}: LimitReporterOptions): LimitReporter {
  /** Addresses that are over their limit on invalid requests, as far as this process has learned, and until when. */
  const over = new LRUCache<string, number>({ max: mostAddresses });

  function refusedBy({ ip }: Caller, admission: Admission): Counted | undefined {
    const { rejection, retryAfter } = admission;
    if (rejection === undefined) return undefined;
    if (retryAfter !== undefined) over.set(ip, clock.now() + retryAfter * 1000);
    return { response: rejection, admission };
  }

  return {
    fields(admissions) {
      const [first] = admissions;
      if (first === undefined) return none;
      const isOne = admissions.length === 1;
      const states = isOne ? first.states : admissions.flatMap((each) => each.states);
      if (states.length === 0) return none;
      return limitFields({ states, retryAfter: longestWait(admissions), now: clock.now(), style });
    },

    extend(response, admission) {
      if (admission === undefined || (!withExtension && tellsCostOf === undefined)) return response;
      const { states, cost } = admission;
      const told = {
        ...(withExtension && states.length > 0 && { rateLimit: limitExtension(states) }),
        ...(tellsCostOf !== undefined &&
          cost !== undefined && { cost: costExtension(cost, tellsCostOf, states) }),
      };
      if (Object.keys(told).length === 0) return response;
      return { ...response, extensions: { ...response.extensions, ...told } };
    },

    count(response, caller) {
      if (!isInvalid(response)) return { response };
      return mapMaybePromise(limiter.admitInvalid(caller), (admission) => {
        return refusedBy(caller, admission) ?? { response };
      });
    },

    refusal(caller) {
      const until = over.size === 0 ? undefined : over.get(caller.ip);
      if (until === undefined) return undefined;
      over.delete(caller.ip);
      if (clock.now() >= until) return undefined;
      return mapMaybePromise(limiter.admitInvalid(caller), (admission) => refusedBy(caller, admission));
    },
  };
}

function longestWait(admissions: readonly Admission[]): number | undefined {
  let longest: number | undefined;
  for (const { retryAfter } of admissions) {
    if (retryAfter !== undefined) longest = Math.max(longest ?? 0, retryAfter);
  }
  return longest;
}

function isInvalid({ data, errors }: GraphQLResponse): boolean {
  if (data !== undefined || errors === undefined) return false;
  return !notInvalid.has(errors[0]?.extensions?.['code']);
}
