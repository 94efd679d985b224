import { resolve } from 'node:path';
import { isPostgresUrl } from './database-url.ts';
import { type Env, type EnvSource, readEnv } from './env.ts';
import type { WindowLimit } from './limit-notation.ts';
import type { LimitOverrides } from './limit-overrides.ts';
import type { AnswerLocation, BucketLocation } from './store-location.ts';
import type { TrustProxy } from './trust-proxy.ts';
import { environment } from './variables.ts';

/**
 * Everything that can be configured, by the part that it configures.
 *
 * @example
 * ```ts
 * import { type Config, loadConfig } from 'sluice';
 *
 * export const quiet: Config = { ...loadConfig(), log: { level: 'warn' } };
 * ```
 */
export interface Config {
  readonly server: {
    /** What executes operations. */
    readonly kind: 'yoga' | 'apollo';
    /** The address that is listened on. */
    readonly host: string;
    /** The TCP port that is listened on; 0 for any that is free. */
    readonly port: number;
    /** The largest request body, in bytes. */
    readonly bodyLimit: number;
    /** The origins whose pages may read answers. */
    readonly corsOrigins: '*' | readonly string[];
    /** Whether responses are compressed for clients that accept it. */
    readonly compression: boolean;
    /** How long requests in flight may take to finish on shutdown, in seconds. */
    readonly drainTimeout: number;
    /** How long the head of a request may take to come, in seconds. */
    readonly headersTimeout: number;
    /** How long a whole request may, in seconds. */
    readonly requestTimeout: number;
    /** How long a connection may be idle between requests, in seconds. */
    readonly keepAliveTimeout: number;
    /** How long a client may take to read what is sent, in seconds, and one more for each 64 kB. */
    readonly writeTimeout: number;
    /** How many connections there may be. */
    readonly maxConnections: number;
    /** How many requests of one connection are answered at the same time. */
    readonly maxPipelined: number;
    /** How many bytes a connection may have unsent before its next request is begun. */
    readonly maxUnsentBytes: number;
    /** The names that requests may be sent to, besides the usual ones. */
    readonly allowedHosts: '*' | readonly string[] | undefined;
    /** Whether browsers get GraphiQL. */
    readonly graphiql: boolean;
  };
  readonly operations: {
    /** Whether operations are compiled when they are executed again. */
    readonly execution: 'compiled' | 'graphql-js';
    /** How many of them one HTTP request may hold. */
    readonly batchLimit: number;
    /** How long the execution of one may take, in seconds; undefined: as long as it takes. */
    readonly executionTimeout: number | undefined;
    /** The largest response body, in bytes. */
    readonly responseLimit: number;
    /** How large the document of one may be, and its variables. */
    readonly document: {
      readonly tokens: number;
      readonly fields: number;
      readonly aliases: number;
      readonly depth: number;
    };
    /** Whether everybody may ask for the schema, and whose callers may in any case, by their tiers. */
    readonly introspection: { readonly isOpen: boolean; readonly tiers: readonly string[] };
    /** What the operations of one request may cost together, and how many values they may give. */
    readonly cost: { readonly maxCost: number; readonly maxValues: number };
    /** Whether `extensions.cost` tells of it. */
    readonly tellsCost: boolean;
    /** The manifest of trusted documents, and whether no others are run; undefined where there is none. */
    readonly trustedDocuments: { readonly path: string; readonly mode: 'only' | 'prefer' } | undefined;
    /** Whether clients may register documents. */
    readonly apq: boolean;
    /** How many bytes registered documents may take in each store. */
    readonly apqBytes: number;
  };
  readonly database: {
    /** `sqlite:PATH`, `postgres://…` or `postgresql://…`. May hold a password. */
    readonly url: string;
  };
  readonly caller: {
    /** The proxies whose X-Forwarded-For is believed. */
    readonly trustProxy: TrustProxy;
  };
  readonly auth: {
    /** What tokens are signed with; undefined (with SQLite only) where one is to be made and kept. */
    readonly jwtSecret: string | undefined;
    /** How long a token is good for, in seconds. */
    readonly jwtLifetime: number;
    /** The first API key of the tier ADMIN; undefined where one is to be made. */
    readonly adminKey: string | undefined;
  };
  readonly stores: {
    /** Where buckets live. */
    readonly buckets: BucketLocation;
    /** Where answers are kept. */
    readonly answers: AnswerLocation;
    /** What every key in Redis and Memcached begins with. */
    readonly prefix: string;
    /** How long a store may take to answer, in milliseconds. */
    readonly timeoutMs: number;
    /** What the limiter does while its store is down. */
    readonly onError: 'local' | 'allow' | 'deny';
  };
  readonly limits: {
    /** Whether limits deny, are only counted and reported, or are off. */
    readonly mode: 'enforce' | 'report' | 'off';
    /** What takes the place of limits, by their names. */
    readonly overrides: LimitOverrides;
    /** A file of more of them, which count for more. */
    readonly overridesFile: string | undefined;
    /** How many denials a caller may have before everything is denied; null: any number. */
    readonly meta: WindowLimit | null;
    /** How many requests that never become an operation an address may send; none: any number. */
    readonly invalidRequests: readonly WindowLimit[];
    /** How many pages (GraphiQL) an address may ask for; none: any number. */
    readonly pages: readonly WindowLimit[];
    /** How many buckets are kept in memory. */
    readonly memoryBuckets: number;
    /** Which header fields tell of limits. */
    readonly headers: 'standard' | 'legacy' | 'both' | 'none';
    /** Whether `extensions.rateLimit` tells of them. */
    readonly withExtension: boolean;
    /** The HTTP status of a rejected operation, for clients that accept `application/json`. */
    readonly rejectStatus: 429 | 200;
  };
  readonly cache: {
    /** How much memory kept answers may take, in bytes. */
    readonly memoryBytes: number;
    /** How much of a SQLite file they may take, in bytes. */
    readonly fileBytes: number;
    /** The tiers whose callers may ask for fresh answers. */
    readonly bypassTiers: readonly string[];
  };
  readonly log: {
    /** The least severe messages that are logged. */
    readonly level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  };
}

/**
 * The configuration that some variables give; without any, all defaults. Throws an error that lists what is wrong.
 *
 * @example
 * ```ts
 * import { env } from 'node:process';
 * import { loadConfig } from 'sluice';
 *
 * const { server } = loadConfig({ ...env, SERVER: 'apollo', PORT: '8080' });
 * console.log(server.port); // 8080
 * ```
 */
export function loadConfig(source: EnvSource = {}): Config {
  const env = readEnv(source);
  assertTokensCanBeShared(env);
  assertFilesApart(env);
  return {
    server: serverOf(env),
    operations: operationsIn(env),
    database: { url: env.databaseUrl },
    caller: { trustProxy: env.trustProxy },
    auth: { jwtSecret: env.jwtSecret, jwtLifetime: env.jwtLifetime, adminKey: env.adminKey },
    stores: {
      buckets: env.rateLimitStore ?? env.redisUrl ?? { kind: 'memory' },
      answers: env.responseCacheStore ?? env.redisUrl ?? { kind: 'memory' },
      prefix: env.storePrefix,
      timeoutMs: env.storeTimeout,
      onError: env.onStoreError,
    },
    limits: {
      mode: env.rateLimitMode,
      overrides: env.rateLimits,
      overridesFile: env.rateLimitsFile,
      meta: env.metaLimit,
      invalidRequests: env.invalidRequestLimit,
      pages: env.pageLimit,
      memoryBuckets: env.memoryBuckets,
      headers: env.rateLimitHeaders,
      withExtension: env.rateLimitExtension,
      rejectStatus: env.rejectStatus,
    },
    cache: {
      memoryBytes: env.cacheMemoryBytes,
      fileBytes: env.cacheFileBytes,
      bypassTiers: env.cacheBypassTiers,
    },
    log: { level: env.logLevel },
  };
}

function serverOf(env: Env): Config['server'] {
  return {
    kind: env.server,
    host: env.host,
    port: env.port,
    bodyLimit: env.bodyLimit,
    corsOrigins: env.corsOrigins,
    compression: env.compression,
    drainTimeout: env.drainTimeout,
    headersTimeout: env.headersTimeout,
    requestTimeout: env.requestTimeout,
    keepAliveTimeout: env.keepAliveTimeout,
    writeTimeout: env.writeTimeout,
    maxConnections: env.maxConnections,
    maxPipelined: env.maxPipelined,
    maxUnsentBytes: env.maxUnsentBytes,
    allowedHosts: env.allowedHosts,
    graphiql: env.graphiql,
  };
}

function operationsIn(env: Env): Config['operations'] {
  const { execution, batchLimit, responseLimit, apq, apqBytes } = env;
  const { trustedDocuments: path, trustedDocumentsMode: mode } = env;
  const executionTimeout = env.executionTimeout === 'off' ? undefined : env.executionTimeout;
  const trustedDocuments = path === null ? undefined : { path, mode };
  const document = {
    tokens: env.documentTokens,
    fields: env.documentFields,
    aliases: env.documentAliases,
    depth: env.documentDepth,
  };
  const cost = { maxCost: env.maxCost, maxValues: env.maxValues };
  return {
    execution,
    batchLimit,
    executionTimeout,
    responseLimit,
    document,
    introspection: { isOpen: env.introspection, tiers: env.introspectionTiers },
    cost,
    tellsCost: env.costExtension,
    trustedDocuments,
    apq,
    apqBytes,
  };
}

// A secret that a process made for itself lies beside its SQLite file, where no other machine finds it.
function assertTokensCanBeShared(env: Env): void {
  if (env.jwtSecret !== undefined || !isPostgresUrl(env.databaseUrl)) return;
  const { jwtSecret, databaseUrl } = environment;
  throw new Error(
    `${jwtSecret.name} is not set, but ${databaseUrl.name} is a PostgreSQL database, which several processes can ` +
      `share, and each must accept the tokens of the others. Set ${jwtSecret.name} to the same text of ` +
      `${jwtSecret.format.accepts} for all of them.`,
  );
}

// Every charge would look like a write by another program, which drops all answers.
function assertFilesApart({ databaseUrl, rateLimitStore, responseCacheStore }: Env): void {
  const isSqlite = databaseUrl.startsWith('sqlite:');
  const database = resolve(databaseUrl.slice('sqlite:'.length));
  const stores = [
    [environment.rateLimitStore.name, rateLimitStore],
    [environment.responseCacheStore.name, responseCacheStore],
  ] as const;
  for (const [name, location] of stores) {
    if (location?.kind !== 'sqlite' || !isSqlite || resolve(location.path) !== database) continue;
    throw new Error(
      `${name} names the file ${location.path}, which is that of ${environment.databaseUrl.name}. ` +
        `Give the store a file of its own, such as ${location.path}-${name.toLowerCase().replaceAll('_', '-')}.`,
    );
  }
}
