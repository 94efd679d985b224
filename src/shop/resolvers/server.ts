import type { BucketState } from '../../index.ts';
import type { QueryResolvers, RateLimitStatus } from '../types.generated.ts';

type ServerQueries = Required<Pick<QueryResolvers, 'health' | 'rateLimits'>>;

export const serverQueries: ServerQueries = {
  health: () => ({ status: 'OK', uptime: Math.floor(process.uptime()) }),
  rateLimits: async (_, _args, { rateLimits }) => (await rateLimits()).map(toStatus),
};

function toStatus({ policy, limit, window, remaining, resetAt }: BucketState): RateLimitStatus {
  return {
    policy: policy.name,
    limit,
    window,
    remaining,
    resetAt: resetAt === null ? null : new Date(resetAt).toISOString(),
  };
}
