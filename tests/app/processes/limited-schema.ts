import type { RequestContext } from '../../../src/app/application.ts';

const yes = (): string => 'yes';

async function left(
  _: unknown,
  { of }: { of: string },
  { rateLimits }: RequestContext,
): Promise<number | undefined> {
  return (await rateLimits()).find(({ policy }) => policy.name === of)?.remaining;
}

/** Fields of which each has a bucket of its own, and which take nothing but their units. */
export const limited = {
  typeDefs: `
    type Query {
      fixedWindow: String @rateLimit(limit: 100, duration: 3600, strategy: FIXED_WINDOW)
      slidingWindow: String @rateLimit(limit: 100, duration: 3600, strategy: SLIDING_WINDOW)
      slidingLog: String @rateLimit(limit: 100, duration: 3600, strategy: SLIDING_LOG)
      tokenBucket: String @rateLimit(limit: 100, duration: 3600, strategy: TOKEN_BUCKET)
      many(first: Int!): String @rateLimit(limit: 100, duration: 3600, multipliers: ["first"])
      forgiving: String @rateLimit(limit: 100, duration: 3600, strategy: SLIDING_LOG, count: FAILURE)
      one: String
        @rateLimit(name: "one", limit: 100, duration: 3600)
        @rateLimit(name: "both", by: [GLOBAL], limit: 150, duration: 3600, strategy: SLIDING_LOG)
      other: String
        @rateLimit(name: "other", limit: 100, duration: 3600)
        @rateLimit(name: "both", by: [GLOBAL], limit: 150, duration: 3600, strategy: SLIDING_LOG)
      scarce: String @rateLimit(name: "scarce", limit: 5, duration: 3600)
      left(of: String!): Int
    }
  `,
  resolvers: {
    Query: {
      fixedWindow: yes,
      slidingWindow: yes,
      slidingLog: yes,
      tokenBucket: yes,
      many: yes,
      forgiving: yes,
      one: yes,
      other: yes,
      scarce: yes,
      left,
    },
  },
};
