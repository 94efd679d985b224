import type { GraphQLSchema } from 'graphql';
import { pino, type Logger } from 'pino';
import { openAccounts } from './accounts.ts';
import { systemClock, type Clock } from './clock.ts';
import { Closers } from './closers.ts';
import type { Config } from './config/config.ts';
import type { RequestContext } from './context.ts';
import { isReachable } from './data/database.ts';
import { declareSchema } from './declared-schema.ts';
import { createPrepare } from './operation/prepare.ts';
import { createMemoryStore, type PolicyTable, type Report } from './rate-limit/index.ts';
import { createAnswers, useAnswerCache } from './response-cache/index.ts';
import type { ResolverMap, TypeDefs } from './schema/build-schema.ts';
import { sampleSdl } from './schema/own-definitions.ts';
import { sampleResolvers } from './schema/resolvers/index.ts';
import { createApolloServer } from './servers/apollo.ts';
import { createCors } from './servers/cors.ts';
import { createFront } from './servers/front.ts';
import { listen } from './servers/listen.ts';
import { createPipeline } from './servers/pipeline.ts';
import { createReadParams } from './servers/read-params.ts';
import { createYogaServer } from './servers/yoga.ts';

export interface AppOptions {
  /** See `loadConfig`. */
  readonly config: Config;
  /** The schema to serve, by default the sample API's. Sluice's directives need not be defined in it. */
  readonly typeDefs?: TypeDefs;
  /** The resolvers of `typeDefs`. */
  readonly resolvers?: ResolverMap;
  /** What to add to the context of each operation, for resolvers to use. */
  readonly context?: (request: RequestContext) => object | Promise<object>;
  /** Where time comes from, by default the system. */
  readonly clock?: Clock;
  /** Where log lines go, by default to standard error as JSON. */
  readonly log?: Logger;
}

export interface App {
  /** The schema with its limits in effect, for running operations without HTTP. */
  readonly schema: GraphQLSchema;
  /** The limits in effect, by schema coordinate. */
  readonly limits: PolicyTable;
  /** The API key of the tier ADMIN, on the first run with a database only: it is not kept anywhere. */
  readonly adminKey: string | undefined;
  /** Starts to take requests; resolves to the server's URL. */
  listen(): Promise<string>;
  /** Lets requests in flight finish, then closes everything in the reverse order of its opening. */
  dispose(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Puts the server together: read → identify caller → prepare operation → admit → answer from cache or execute → write. */
export async function createApp(options: AppOptions): Promise<App> {
  const closers = new Closers();
  try {
    return await compose(options, closers);
  } catch (error) {
    await closers.close();
    throw error;
  }
}

async function compose(options: AppOptions, closers: Closers): Promise<App> {
  const {
    config,
    clock = systemClock,
    log = pino({ level: config.log.level }, pino.destination(2)),
  } = options;
  const withSample = options.typeDefs === undefined;
  const { typeDefs = sampleSdl, resolvers = withSample ? sampleResolvers : {} } = options;

  const buckets = createMemoryStore({ clock });
  const answers = createAnswers(clock);
  const report: Report = ({ policy, limit, cost }) => {
    log.info({ policy: policy.name, limit, window: policy.duration, cost }, 'over a limit that only reports');
  };
  const { schema, limits, limiter } = declareSchema(typeDefs, resolvers, { buckets, answers, report });

  const pipeline = createPipeline(createPrepare(schema, limits), useAnswerCache({ answers, clock }));
  const server =
    config.server.kind === 'apollo'
      ? await createApolloServer({ schema, pipeline })
      : createYogaServer({ schema, pipeline, bodyLimit: config.server.bodyLimit });
  closers.add(() => server.dispose());

  const { db, tokens, identify, adminKey } = await openAccounts({ config, clock, withSample });
  closers.add(() => db.destroy());

  let draining = false;
  const front = createFront({
    server,
    identify: ({ socket, headers }) => identify({ remoteAddress: socket.remoteAddress, headers }),
    async createContext(facts) {
      const request: RequestContext = {
        ...facts,
        log,
        headers: new Map(),
        rateLimits: () => limiter.status(facts.caller),
      };
      return { ...request, db, tokens, ...(await options.context?.(request)) };
    },
    readParams: createReadParams(config.server),
    cors: createCors(config.server.corsOrigins),
    readiness: { isDatabaseReachable: () => isReachable(db), isDraining: () => draining },
    log,
  });

  const dispose = (): Promise<void> => {
    draining = true;
    return closers.close();
  };
  return {
    schema,
    limits,
    adminKey,
    async listen() {
      const { host, port, drainTimeout: timeout } = config.server;
      const listening = await listen(front, { host, port, timeout });
      closers.add(() => listening.drain());
      return listening.url;
    },
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}
