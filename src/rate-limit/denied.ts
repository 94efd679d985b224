import type { GraphQLError } from 'graphql';
import { clientError } from '../errors.ts';
import type { BucketState } from './bucket-state.ts';
import type { Policy } from './policy.ts';

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

/** What a client is told of a denial. */
export interface ToldDenial {
  readonly message: string;
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** What was told last of the denials by a policy: in a flood it is the same time and again. */
const lastTold = new WeakMap<Policy, { readonly denial: Denial; readonly told: ToldDenial }>();

/** What a client is told of a denial, the same object for equal ones that follow each other. */
export function tellDenial(denial: Denial): ToldDenial {
  const last = lastTold.get(denial.policy);
  if (last !== undefined && isSame(last.denial, denial)) return last.told;
  const { code, message, facts } = describeDenial(denial);
  const told = { message, extensions: { code, ...facts } };
  lastTold.set(denial.policy, { denial, told });
  return told;
}

function isSame(a: Denial, b: Denial): boolean {
  return (
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
