import type { GraphQLSchema } from 'graphql';
import { pino, type Logger } from 'pino';
import { openAccounts } from './accounts.ts';
import { Background } from './background.ts';
import { factsOf, identifyingFields } from './caller/identify.ts';
import { systemClock, type Clock } from './clock.ts';
import { Closers } from './closers.ts';
import type { Config } from './config/config.ts';
import { followOverrides, limiterOptions } from './configured-limits.ts';
import type { RequestContext } from './context.ts';
import { isReachable, type Database } from './data/database.ts';
import { declareSchema } from './declared-schema.ts';
import { ForeignWrites } from './foreign-writes.ts';
import { identifyBy, type LimitHooks } from './hooks.ts';
import { createContexts } from './operation-context.ts';
import { createDocuments } from './operation/documents.ts';
import { createPrepare } from './operation/prepare.ts';
import type { PolicyTable } from './rate-limit/index.ts';
import { AnswerCache, createInvalidate, type Invalidate } from './response-cache/index.ts';
import type { ResolverMap, TypeDefs } from './schema/build-schema.ts';
import { sampleSdl } from './schema/own-definitions.ts';
import { sampleResolvers } from './schema/resolvers/index.ts';
import { createAdmit } from './servers/admit.ts';
import { createCors } from './servers/cors.ts';
import { createFront } from './servers/front.ts';
import { createLimitReporter } from './servers/limit-reporter.ts';
import { listen } from './servers/listen.ts';
import { createPipeline } from './servers/pipeline.ts';
import { createReadParams } from './servers/read-params.ts';
import { createMakeReply } from './servers/reply.ts';
import { warnOfStore } from './store-warnings.ts';
import { openStores } from './stores.ts';
import { tagByTables } from './table-tags.ts';

export interface AppOptions {
  /** See `loadConfig`. */
  readonly config: Config;
  /** The schema to serve, by default the sample API's. Sluice's directives need not be defined in it. */
  readonly typeDefs?: TypeDefs;
  /** The resolvers of `typeDefs`. */
  readonly resolvers?: ResolverMap;
  /** What to add to the context of each operation, for resolvers to use. */
  readonly context?: (request: RequestContext) => object | Promise<object>;
  /** Where the application has a say in who is limited. */
  readonly identify?: LimitHooks['identify'];
  readonly exempt?: LimitHooks['exempt'];
  readonly onDenied?: LimitHooks['onDenied'];
  /** Where time comes from, by default the system. */
  readonly clock?: Clock;
  /** Where log lines go, by default to standard error as JSON. */
  readonly log?: Logger;
}

export interface App {
  /** The schema with its limits in effect, for running operations without HTTP. */
  readonly schema: GraphQLSchema;
  /** The limits in force now, by schema coordinate, and under `schema` those of whole operations. */
  readonly limits: PolicyTable;
  /** The API key of the tier ADMIN, on the first run with a database only: it is not kept anywhere. */
  readonly adminKey: string | undefined;
  /** The database. What is written through it drops the answers that were made from the tables. */
  readonly db: Database;
  /** Drops kept answers, for what changes without the server seeing it. */
  readonly invalidate: Invalidate;
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

  const stores = await openStores({ config, clock, log });
  closers.add(() => stores.close());
  const answers = stores.answers.store;
  const declared = declareSchema(typeDefs, resolvers, {
    answers,
    ...limiterOptions(config, { store: stores.buckets, log, hooks: options }),
  });
  const { schema, limiter } = declared;
  for (const { coordinate, message } of declared.warnings) log.warn({ coordinate }, message);
  warnOfStore(config.stores.buckets, limiter.limits.inForce, log);
  closers.add(followOverrides(config, limiter.limits, log));

  const limits = createLimitReporter({
    limiter,
    clock,
    style: config.limits.headers,
    withExtension: config.limits.withExtension,
  });
  const cache = new AnswerCache(answers, clock);
  const prepare = createPrepare({ ...declared, keepsAnswers: config.stores.answers.kind !== 'none' });
  const admit = createAdmit({ schema, prepare, limiter, cache });
  const pipeline = createPipeline({
    schema,
    admit,
    cache,
    store: answers,
    compiles: config.server.execution === 'compiled',
  });
  // Loading the one that is not asked for would take longer than everything else at the start.
  const server =
    config.server.kind === 'apollo'
      ? await (await import('./servers/apollo.ts')).createApolloServer({ schema, pipeline })
      : (await import('./servers/yoga.ts')).createYogaServer({
          schema,
          pipeline,
          limits,
          bodyLimit: config.server.bodyLimit,
          rejectStatus: config.limits.rejectStatus,
        });
  closers.add(() => server.dispose());

  const foreign = new ForeignWrites(stores.answers);
  closers.add(() => {
    foreign.end();
  });
  const listener = tagByTables(answers, foreign);
  const accounts = await openAccounts({ config, clock, withSample, listener });
  const { db, addressOf, identify, adminKey } = accounts;
  closers.add(() => db.destroy());
  await foreign.begin(config.database);
  const background = new Background();
  closers.add(() => background.settled(config.server.drainTimeout));

  const invalidate = createInvalidate(schema, answers);
  let draining = false;
  const front = createFront({
    documents: createDocuments(schema),
    admit,
    cache,
    server,
    addressOf: (request) => addressOf(factsOf(request)),
    identify: identifyBy((request) => identify(factsOf(request)), options.identify),
    createContext: createContexts({
      ...accounts,
      log,
      limiter,
      invalidate,
      extend: options.context,
    }),
    mayBypassCache: ({ tiers }) => tiers.some((tier) => config.cache.bypassTiers.includes(tier)),
    background,
    limits,
    makeReply: createMakeReply({
      limits,
      rejectStatus: config.limits.rejectStatus,
      // The application may go by any of them.
      identifyingFields: options.identify === undefined ? identifyingFields : ['*'],
      clock,
    }),
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
    get limits() {
      return limiter.limits.inForce;
    },
    adminKey,
    db,
    invalidate,
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
