import { createServer, type IncomingMessage } from 'node:http';
import { useResponseCache } from '@envelop/response-cache';
import { createYoga } from 'graphql-yoga';
import { announce } from './announce.ts';
import { identify } from './caller.ts';
import { schema } from './limited-schema.ts';
import type { Context } from './resolvers.ts';

const yoga = createYoga<{ req: IncomingMessage }, Context>({
  schema,
  graphiql: false,
  landingPage: false,
  logging: 'error',
  context: async ({ req: { socket, headers } }) => ({
    caller: await identify(socket.remoteAddress, headers.authorization),
  }),
  plugins: [
    useResponseCache<Context>({
      session: ({ caller }) => caller.userId ?? null,
      // What declares no lifetime is not to be kept.
      ttl: 0,
      ttlPerSchemaCoordinate: { 'Query.users': 60_000, 'Query.user': 60_000, 'Query.me': 60_000 },
    }),
  ],
});
// eslint-disable-next-line @typescript-eslint/no-misused-promises -- as its README has it
announce(createServer(yoga));
