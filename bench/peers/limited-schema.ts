import { makeExecutableSchema } from '@graphql-tools/schema';
import { defaultKeyGenerator, rateLimitDirective } from 'graphql-rate-limit-directive';
import { resolvers, type Context } from './resolvers.ts';
import { cacheControlTypeDefs, typeDefs } from './type-defs.ts';

// Limits that count each caller, as the README's example of the context has them.
const { rateLimitDirectiveTypeDefs, rateLimitDirectiveTransformer } = rateLimitDirective<Context>({
  keyGenerator: (args, source, fieldArgs, context, info) =>
    `${context.caller.userId ?? context.caller.ip}:${defaultKeyGenerator(args, source, fieldArgs, context, info)}`,
});

/** The schema with the limits of graphql-rate-limit-directive. */
export const schema = rateLimitDirectiveTransformer(
  makeExecutableSchema({
    typeDefs: [rateLimitDirectiveTypeDefs, cacheControlTypeDefs, typeDefs],
    resolvers,
  }),
);
