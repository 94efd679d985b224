import type { BucketState } from '../../rate-limit/verdict.ts';
import type { QueryResolvers, RateLimitStatus } from '../types.generated.ts';

type ServerQueries = Required<Pick<QueryResolvers, 'health' | 'rateLimits'>>;

export const serverQueries: ServerQueries = {
  health: () => ({ status: 'OK', uptime: Math.floor(process.uptime()) }),
  rateLimits: (_, _args, { rateLimits }) => rateLimits().map(toStatus),
};

function toStatus({ charge, remaining, resetAt }: BucketState): RateLimitStatus {
  return {
    policy: charge.policy.name,
    limit: charge.limit,
    window: charge.policy.duration,
    remaining,
    resetAt: resetAt === null ? null : new Date(resetAt).toISOString(),
  };
}
