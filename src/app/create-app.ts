import type { GraphQLSchema } from 'graphql';
import { type Logger, pino } from 'pino';
import { tiers } from '../caller/caller.ts';
import { identifyingFields } from '../caller/identify.ts';
import type { Config } from '../config/config.ts';
import { environment } from '../config/variables.ts';
import { type Database, isReachable } from '../database/database.ts';
import { createCors } from '../http/cors.ts';
import { createHandler } from '../http/handler.ts';
import { listen } from '../http/listen.ts';
import { createPageRoute } from '../http/page-route.ts';
import { createCheckHost } from '../http/request/allowed-hosts.ts';
import { createReadParams } from '../http/request/read-params.ts';
import { Compressor } from '../http/response/compress.ts';
import { createMakeResponse } from '../http/response/make-response.ts';
import { createStatusFor } from '../http/response/status.ts';
import { createAdmit } from '../operation/admit.ts';
import { createDocuments } from '../operation/documents.ts';
import { createFindOperation } from '../operation/find-operation.ts';
import { createMayIntrospect } from '../operation/introspection.ts';
import { Lifetimes } from '../operation/lifetimes.ts';
import { createLimitReporter } from '../operation/limit-reporter.ts';
import { createPlugins } from '../operation/plugins/index.ts';
import { createPrepare } from '../operation/prepare.ts';
import { createFindText } from '../persisted-documents/index.ts';
import type { PolicyTable } from '../rate-limit/index.ts';
import { AnswerCache, createInvalidate, type Invalidate } from '../response-cache/index.ts';
import { Background } from '../util/background.ts';
import { type Clock, systemClock } from '../util/clock.ts';
import { Closers } from '../util/closers.ts';
import { openAccounts } from './accounts.ts';
import type { Application } from './application.ts';
import { followOverrides, limiterOptions } from './configured-limits.ts';
import { createContexts } from './contexts.ts';
import { type DeclaredSchema, declareSchema } from './declared-schema.ts';
import { ForeignWrites, tagByTables } from './foreign-writes.ts';
import { identifyBy } from './limit-hooks.ts';
import { openEngine } from './open-engine.ts';
import { copiesBytes, openStores, type Stores, warnOfStore } from './stores.ts';
import { openTrustedDocuments } from './trusted-documents.ts';

/** What becomes of a key that is configured later. A key that was revoked must not come back by a restart. */
const ignored =
  'is no API key of this database, or a revoked one, and is not made one: it is taken when the database is made. ' +
  'Make another key: sluice keys create NAME --tier ADMIN.';

/**
 * An application, and what it runs with.
 *
 * @example
 * ```ts
 * import { type AppOptions, loadConfig } from 'sluice';
 *
 * export const forTests: AppOptions = {
 *   config: loadConfig({ DATABASE_URL: 'sqlite::memory:', PORT: '0' }),
 *   typeDefs: 'type Query { time: String }',
 *   clock: { now: () => 0 },
 * };
 * ```
 */
export interface AppOptions<Tables = unknown> extends Application<Tables> {
  /** See `loadConfig`. */
  readonly config: Config;
  /** Where time comes from, by default the system. */
  readonly clock?: Clock;
  /** Where log lines go, by default to standard error as JSON. */
  readonly log?: Logger;
}

/**
 * A server that has been put together, and does not take requests yet.
 *
 * @example
 * ```ts
 * import { graphql } from 'graphql';
 * import type { App } from 'sluice';
 *
 * // Runs an operation without HTTP.
 * export async function ask({ schema }: App, source: string): Promise<unknown> {
 *   return (await graphql({ schema, source })).data;
 * }
 * ```
 */
export interface App<Tables = unknown> {
  /** The schema with its limits in effect, for running operations without HTTP. */
  readonly schema: GraphQLSchema;
  /** The limits in force now, by schema coordinate, and under `schema` those of whole operations. */
  readonly limits: PolicyTable;
  /**
   * The API key of the tier ADMIN that was made, on the first run with a database only: it is not kept anywhere.
   * Undefined also where `ADMIN_KEY` is the first key.
   */
  readonly adminKey: string | undefined;
  /** The database. What is written through it invalidates the answers that were made from the tables. */
  readonly db: Database<Tables>;
  /** Invalidates kept answers, for what changes without the server seeing it. */
  readonly invalidate: Invalidate;
  /** Starts to take requests; resolves to the server's URL. */
  listen(): Promise<string>;
  /** Lets requests in flight finish, then closes everything in the reverse order of its opening. */
  dispose(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Puts the server together: read → identify caller → prepare operation → admit → answer from cache or execute → write.
 *
 * @example
 * ```ts
 * import { createApp, loadConfig } from 'sluice';
 *
 * const app = await createApp({
 *   config: loadConfig({ PORT: '8080' }),
 *   typeDefs: `type Query { time: String @cacheControl(maxAge: 5) }`,
 *   resolvers: { Query: { time: () => new Date().toISOString() } },
 * });
 * console.log(await app.listen());
 * process.once('SIGTERM', () => void app.dispose());
 * ```
 */
export async function createApp<Tables>(options: AppOptions<Tables>): Promise<App<Tables>> {
  const closers = new Closers();
  try {
    return await compose(options, closers);
  } catch (error) {
    await closers.close();
    throw error;
  }
}

async function compose<Tables>(options: AppOptions<Tables>, closers: Closers): Promise<App<Tables>> {
  const { config, clock = systemClock } = options;
  const log = options.log ?? pino({ level: config.log.level }, pino.destination(2));
  const stores = await openStores({ config, clock, log });
  closers.add(() => stores.close());
  const answers = stores.answers.store;
  const declared = declareAndFollow(options, stores, log, closers);
  const { schema, limiter } = declared;

  const { executionTimeout: timeout, responseLimit } = config.operations;
  const lifetimes = new Lifetimes({ timeout, responseLimit, clock, log });
  closers.add(() => {
    lifetimes.stop();
  });
  const stages = { ...createStages(declared, new AnswerCache(answers, clock), { config, clock }), lifetimes };
  const plugins = createPlugins({
    ...stages,
    schema,
    store: answers,
    compiles: config.operations.execution === 'compiled',
  });
  const trusted = openTrustedDocuments({ config, schema, log, closers });
  const documents = createDocuments({ ...stages, schema, bounds: config.operations.document, trusted });
  const findText = createFindText({ trusted, registered: stores.documents });
  const engine = await openEngine(config.server.kind, {
    schema,
    plugins,
    documents,
    findText,
    limitReporter: stages.limitReporter,
    bodyLimit: config.server.bodyLimit,
    statusFor: createStatusFor(config.limits.rejectStatus),
  });
  closers.add(() => engine.dispose());

  const foreign = new ForeignWrites(stores.answers);
  closers.add(() => {
    foreign.end();
  });
  const listener = tagByTables(answers, foreign);
  const accounts = await openAccounts({ config, clock, application: options, listener });
  const { db, adminKey } = accounts;
  if (accounts.isConfiguredKeyUnknown) log.warn(`${environment.adminKey.name} ${ignored}`);
  closers.add(() => db.destroy());
  await foreign.begin(config.database);
  const background = new Background();
  closers.add(() => background.settled(config.server.drainTimeout));

  const invalidate = createInvalidate(schema, answers);
  let isDraining = false;
  const handler = createHandler({
    ...stages,
    documents,
    findText,
    bounds: config.operations.cost,
    execute: (operation, context) => engine.execute(operation, context),
    stream: engine.stream,
    addressOf: accounts.addressOf,
    identify: identifyBy(accounts.identify, options.identify),
    createContext: createContexts({ ...accounts, log, limiter, invalidate, extend: options.context }),
    mayBypassCache: ({ tiers }) => tiers.some((tier) => config.cache.bypassTiers.includes(tier)),
    background,
    makeResponse: createMakeResponse({
      limitReporter: stages.limitReporter,
      rejectStatus: config.limits.rejectStatus,
      responseLimit,
      // The application may go by any of them.
      identifyingFields: options.identify === undefined ? identifyingFields : ['*'],
      clock,
      compressor: config.server.compression ? new Compressor({ maxBytes: copiesBytes(config) }) : undefined,
    }),
    readParams: createReadParams({ ...config.server, ...config.operations }),
    page: config.server.graphiql
      ? createPageRoute({
          admitPage: (ip) => limiter.admitPage({ ip, tiers: [tiers.anonymous] }),
          addressOf: accounts.addressOf,
          fieldsOf: (admissions) => stages.limitReporter.fields(admissions),
        })
      : undefined,
    cors: createCors(config.server.corsOrigins),
    checkHost: createCheckHost(config.server),
    readiness: { isDatabaseReachable: () => isReachable(db), isDraining: () => isDraining },
    log,
  });

  const dispose = (): Promise<void> => {
    isDraining = true;
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
      const listening = await listen(handler, config.server);
      closers.add(() => listening.drain());
      return listening.url;
    },
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}

/** Puts into effect what the schema declares, and what the configuration changes of it while the app runs. */
function declareAndFollow<Tables>(
  options: AppOptions<Tables>,
  { answers, buckets }: Stores,
  log: Logger,
  closers: Closers,
): DeclaredSchema {
  const { config, typeDefs, resolvers = {} } = options;
  const declared = declareSchema(typeDefs, resolvers, {
    answers: answers.store,
    ...limiterOptions(config, { store: buckets, log, hooks: options }),
  });
  const { limits } = declared.limiter;
  for (const { coordinate, message } of declared.warnings) log.warn({ coordinate }, message);
  warnOfStore(config.stores.buckets, limits.inForce, log);
  closers.add(followOverrides(config, limits, log));
  return declared;
}

/** What takes an operation from one stage to the next, and what tells of its limits. */
function createStages(
  declared: DeclaredSchema,
  cache: AnswerCache,
  { config, clock }: { readonly config: Config; readonly clock: Clock },
) {
  const { schema, limiter } = declared;
  const { headers: style, withExtension } = config.limits;
  const mayIntrospect = createMayIntrospect(config.operations.introspection);
  const keepsAnswers = config.stores.answers.kind !== 'none';
  return {
    prepare: createPrepare({
      schema,
      findOperation: createFindOperation({ ...declared, keepsAnswers }),
      bounds: { ...config.operations.document, ...config.operations.cost },
      mayIntrospect,
    }),
    mayIntrospect,
    admit: createAdmit({ limiter, cache }),
    cache,
    limitReporter: createLimitReporter({
      limiter,
      clock,
      style,
      withExtension,
      tellsCostOf: config.operations.tellsCost ? config.operations.cost.maxCost : undefined,
    }),
  };
}
