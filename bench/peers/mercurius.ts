import fastify from 'fastify';
import mercurius from 'mercurius';
import cache from 'mercurius-cache';
import { identify, type Caller } from './caller.ts';
import { resolvers, type Context } from './resolvers.ts';
import { cacheControlTypeDefs, typeDefs } from './type-defs.ts';
import { users } from '../http/data.ts';

declare module 'mercurius' {
  interface MercuriusContext {
    readonly caller: Caller;
  }
}

const rateLimitTypeDefs = 'directive @rateLimit(limit: Int!, duration: Int!) on FIELD_DEFINITION';
const isOnArray = process.env['USERS'] === 'array';

const app = fastify();
await app.register(mercurius, {
  schema: [rateLimitTypeDefs, cacheControlTypeDefs, typeDefs].join('\n'),
  resolvers: isOnArray ? { ...resolvers, Query: { ...resolvers.Query, users: () => users } } : resolvers,
  jit: 1,
  context: async ({ ip, headers }) => ({ caller: await identify(ip, headers.authorization) }),
});
if (!isOnArray) {
  const extendKey = (_: unknown, _args: unknown, { caller }: Context) => caller.userId;
  await app.register(cache.default, {
    ttl: 60,
    policy: { Query: { users: true, user: true, me: { extendKey } } },
  });
}
console.log(await app.listen({ port: 0, host: '127.0.0.1' }));
