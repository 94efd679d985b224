import type { GraphQLError } from 'graphql';
import { clientError } from '../errors.ts';
import type { Denial } from './verdict.ts';

/** The error of a denied selection. */
export function deniedError({ charge, remaining, resetAt, retryAfter }: Denial): GraphQLError {
  const { policy, limit, cost } = charge;
  const facts = { policy: policy.name, limit, window: policy.duration, cost, remaining };
  if (retryAfter === Infinity) {
    return clientError(
      'RATE_LIMIT_COST_EXCEEDED',
      `This costs ${cost}, which is above the limit of ${limit}.`,
      facts,
    );
  }
  // Rounded up, so that waiting this long always suffices.
  const seconds = Math.max(1, Math.ceil(retryAfter / 1000));
  return clientError(
    'RATE_LIMITED',
    `Too many requests. Please try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`,
    {
      ...facts,
      retryAfter: seconds,
      resetAt: resetAt === null ? null : new Date(resetAt).toISOString(),
    },
  );
}

/** Whether an error is a limit's denial. */
export function isDenied(error: GraphQLError): boolean {
  return (
    error.extensions['code'] === 'RATE_LIMITED' || error.extensions['code'] === 'RATE_LIMIT_COST_EXCEEDED'
  );
}
