import { ApolloServer } from '@apollo/server';
import responseCache from '@apollo/server-plugin-response-cache';
import { startStandaloneServer } from '@apollo/server/standalone';
import { identify } from './caller.ts';
import { schema } from './limited-schema.ts';
import type { Context } from './resolvers.ts';

const server = new ApolloServer<Context>({
  schema,
  plugins: [
    responseCache<Context>({
      sessionId: ({ contextValue: { caller } }) => Promise.resolve(caller.userId ?? null),
    }),
  ],
});
const { url } = await startStandaloneServer(server, {
  listen: { port: 0, host: '127.0.0.1' },
  context: async ({ req: { socket, headers } }) => ({
    caller: await identify(socket.remoteAddress, headers.authorization),
  }),
});
console.log(url);
