import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import { clientError } from '../errors.ts';
import type { BucketState } from './bucket-state.ts';

/** Why something was denied: the bucket that keeps it waiting longest. */
export interface Denial extends BucketState {
  /** Milliseconds; Infinity if it costs more than the limit. */
  readonly retryAfter: number;
  /** What the client is told, where the application has words of its own. */
  readonly message?: string | undefined;
  /** Whether nobody could be asked: the bucket may be full or empty. */
  readonly isUnfounded?: boolean | undefined;
}

/** The error of something that was denied. */
export function deniedError(denial: Denial): GraphQLError {
  const { code, message, details } = describe(denial);
  return clientError(code, message, details);
}

/** What a client finds in the error of something that was denied, but for where it stands. */
export function presentDenial(denial: Denial): Pick<GraphQLFormattedError, 'message' | 'extensions'> {
  const { code, message, details } = describe(denial);
  return { message, extensions: { code, ...details } };
}

/** Whether clients are told the same of two denials by one policy. */
export function isPresentedAlike(a: Denial, b: Denial): boolean {
  return (
    a.policy === b.policy &&
    a.resetAt === b.resetAt &&
    a.remaining === b.remaining &&
    a.cost === b.cost &&
    a.limit === b.limit &&
    a.window === b.window &&
    a.message === b.message &&
    a.isUnfounded === b.isUnfounded &&
    secondsToWait(a) === secondsToWait(b)
  );
}

const unfounded = {
  code: 'LIMITER_UNAVAILABLE',
  message: 'This is limited, and the limits cannot be looked up at the moment. Please try again later.',
  details: {},
} as const;

/** What a client is told of a denial: in which words, and with what in `extensions`. */
function describe(denial: Denial): {
  code: 'RATE_LIMITED' | 'RATE_LIMIT_COST_EXCEEDED' | 'LIMITER_UNAVAILABLE';
  message: string;
  details: Record<string, unknown>;
} {
  const { policy, limit, window, cost, remaining, resetAt, message } = denial;
  if (denial.isUnfounded === true) return unfounded;
  const details = { policy: policy.name, limit, window, cost, remaining };
  const retryAfter = secondsToWait(denial);
  if (retryAfter === undefined) {
    const text = message ?? `This costs ${cost}, which is above the limit of ${limit}.`;
    return { code: 'RATE_LIMIT_COST_EXCEEDED', message: text, details };
  }
  const wait = `${retryAfter} ${retryAfter === 1 ? 'second' : 'seconds'}`;
  return {
    code: 'RATE_LIMITED',
    message: message ?? `Too many requests. Please try again in ${wait}.`,
    details: { ...details, retryAfter, resetAt: resetAt === null ? null : new Date(resetAt).toISOString() },
  };
}

/** Whole seconds, rounded up, so that waiting this long always suffices; undefined where no wait is known to. */
export function secondsToWait({ retryAfter, isUnfounded }: Denial): number | undefined {
  return retryAfter === Infinity || isUnfounded === true
    ? undefined
    : Math.max(1, Math.ceil(retryAfter / 1000));
}
