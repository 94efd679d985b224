import { isPromise, type MaybePromise } from '@whatwg-node/promise-helpers';
import type { Caller } from '../caller/caller.ts';
import type { ErrorCode } from '../errors.ts';
import type { Admission, Limiter, Rejection } from '../rate-limit/index.ts';
import type { GraphQLResponse } from './response.ts';

/** What comes of a request that may never have become an operation, where it is counted. */
export type Counted = { readonly response: GraphQLResponse; readonly isRefused: false } | Refusal;

/** What an address is told that has sent too much that is no good. */
interface Refusal {
  readonly response: Rejection;
  readonly admission: Admission;
  readonly isRefused: true;
}

/** Requests that never become an operation, and what is refused of addresses that have sent too many of them. */
export interface InvalidRequests {
  /** Counts a response that shows a request not to have become an operation. Too many are refused. */
  count(response: GraphQLResponse, caller: Caller): MaybePromise<Counted>;
  /** The same for one that is known not to have. */
  countAlways(response: GraphQLResponse, caller: Caller): MaybePromise<Counted>;
  /** What a caller gets for something that is not known to be valid; undefined while it may be. */
  refusalOf(caller: Caller): Refusal | undefined;
  /** Whether that is refused to everybody at an address. */
  refusesAllFrom(address: string): boolean;
  /** Whether anybody is refused anything. */
  readonly refusesSome: boolean;
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

export function createInvalidRequests({ requests }: Pick<Limiter, 'requests'>): InvalidRequests {
  function countAlways(response: GraphQLResponse, caller: Caller): MaybePromise<Counted> {
    const counted = (admission: Admission): Counted => refusalBy(admission) ?? { response, isRefused: false };
    const admission = requests.admitInvalid(caller);
    return isPromise(admission) ? admission.then(counted) : counted(admission);
  }

  return {
    countAlways,
    count: (response, caller) =>
      isInvalid(response) ? countAlways(response, caller) : { response, isRefused: false },
    refusalOf: (caller) => refusalBy(requests.refusalOf(caller)),
    refusesAllFrom: (address) => requests.refusesAllFrom(address),
    get refusesSome() {
      return requests.refusesSome;
    },
  };
}

function refusalBy(admission: Admission | undefined): Refusal | undefined {
  const response = admission?.rejection;
  return response && { response, admission, isRefused: true };
}

function isInvalid({ data, errors }: GraphQLResponse): boolean {
  if (data !== undefined || errors === undefined) return false;
  return !notInvalid.has(errors[0]?.extensions?.['code']);
}
