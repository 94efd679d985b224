import type { GraphQLError } from 'graphql';
import { clientError } from '../errors.ts';
import type { BucketState } from './bucket-state.ts';

/** Why something was denied: the bucket that keeps it waiting longest. */
export interface Denial extends BucketState {
  /** Milliseconds; Infinity if it costs more than the limit. */
  readonly retryAfter: number;
  /** What the client is told, where the application has words of its own. */
  readonly message?: string | undefined;
}

/** The error of something that was denied. */
export function deniedError(denial: Denial): GraphQLError {
  const { code, message, facts } = describeDenial(denial);
  return clientError(code, message, facts);
}

/** What a client is told of a denial: in which words, and with what in `extensions`. */
export function describeDenial(denial: Denial): {
  code: 'RATE_LIMITED' | 'RATE_LIMIT_COST_EXCEEDED';
  message: string;
  facts: Record<string, unknown>;
} {
  const { policy, limit, window, cost, remaining, resetAt, message } = denial;
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

/** Whole seconds, rounded up, so that waiting this long always suffices; undefined where no wait does. */
export function secondsToWait({ retryAfter }: Denial): number | undefined {
  return retryAfter === Infinity ? undefined : Math.max(1, Math.ceil(retryAfter / 1000));
}
