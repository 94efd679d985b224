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
  const { code, message, facts } = describeDenial(denial);
  return clientError(code, message, facts);
}

/** The same as clients see it. */
export function formattedDenial(
  denial: Denial,
): GraphQLFormattedError & { extensions: Record<string, unknown> } {
  const { code, message, facts } = describeDenial(denial);
  return { message, extensions: { code, ...facts } };
}

const unfounded = {
  code: 'LIMITER_UNAVAILABLE',
  message: 'This is limited, and the limits cannot be looked up at the moment. Please try again later.',
  facts: {},
} as const;

/** What a client is told of a denial: in which words, and with what in `extensions`. */
function describeDenial(denial: Denial): {
  code: 'RATE_LIMITED' | 'RATE_LIMIT_COST_EXCEEDED' | 'LIMITER_UNAVAILABLE';
  message: string;
  facts: Record<string, unknown>;
} {
  const { policy, limit, window, cost, remaining, resetAt, message } = denial;
  if (denial.isUnfounded === true) return unfounded;
  const facts = { policy: policy.name, limit, window, cost, remaining };
  const retryAfter = secondsToWait(denial);
  if (retryAfter === undefined) {
    const text = message ?? `This costs ${cost}, which is above the limit of ${limit}.`;
    return { code: 'RATE_LIMIT_COST_EXCEEDED', message: text, facts };
  }
  const wait = `${retryAfter} ${retryAfter === 1 ? 'second' : 'seconds'}`;
  return {
    code: 'RATE_LIMITED',
    message: message ?? `Too many requests. Please try again in ${wait}.`,
    facts: { ...facts, retryAfter, resetAt: resetAt === null ? null : new Date(resetAt).toISOString() },
  };
}

/** Whole seconds, rounded up, so that waiting this long always suffices; undefined where no wait is known to. */
export function secondsToWait({ retryAfter, isUnfounded }: Denial): number | undefined {
  return retryAfter === Infinity || isUnfounded === true
    ? undefined
    : Math.max(1, Math.ceil(retryAfter / 1000));
}
