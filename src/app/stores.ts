import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import type { BucketLocation } from '../config/store-location.ts';
import { environment } from '../config/variables.ts';
import { StoreUnavailable } from '../connections/breaker.ts';
import { RedisConnections } from '../connections/redis/index.ts';
import type { RegisteredDocuments } from '../persisted-documents/index.ts';
import {
  type BucketStore,
  createGuardedStore,
  createMemcachedStore,
  createMemoryStore as createMemoryBuckets,
  createRedisBuckets,
  openSqliteStore,
  type PolicyTable,
} from '../rate-limit/index.ts';
import {
  createMemoryStore as createMemoryAnswers,
  createSqliteAnswers,
  createTieredStore,
  type OnInvalidate,
  openRedisAnswers,
  type SharedAnswers,
} from '../response-cache/index.ts';
import type { Clock } from '../util/clock.ts';
import { Closers } from '../util/closers.ts';
import { loadDriver } from '../util/load-driver.ts';
import { blameVariable } from './blame-variable.ts';
import type { SharedBy } from './foreign-writes.ts';
import { openRegisteredDocuments } from './registered-documents.ts';

/** What takes longer to send than a store may take to answer is better made anew. */
const mostSentBytes = 4_194_304;

/** So many ways of going wrong are told of. */
const mostTold = 100;

/** How much of the memory for answers their compressed copies may take: a quarter, since few are half as large. */
export function copiesBytes({ cache }: Config): number {
  return Math.floor(cache.memoryBytes / 4);
}

/** What stores are opened with. */
export interface StoreOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Where buckets, answers and registered documents live. */
export interface Stores {
  readonly buckets: BucketStore;
  readonly answers: SharedBy;
  /** Undefined where clients may not register any. */
  readonly documents: RegisteredDocuments | undefined;
  close(): Promise<void>;
}

/**
 * Opens the stores that are configured. One on the network that cannot be reached is tried again in the background.
 * @throws Error that names the variable if a file cannot be opened
 */
export async function openStores(options: StoreOptions): Promise<Stores> {
  const { prefix, timeoutMs } = options.config.stores;
  const closers = new Closers();
  const connections = new RedisConnections({ prefix, timeoutMs, log: options.log });
  closers.add(() => {
    connections.close();
  });
  try {
    const buckets = await openBuckets(options, connections, closers);
    const answers = await openAnswers(options, connections, closers);
    const documents = await openRegisteredDocuments(options, connections, closers);
    return { buckets, answers, documents, close: () => closers.close() };
  } catch (error) {
    await closers.close();
    throw error;
  }
}

/** Warns of policies that a store counts differently from what is declared. */
export function warnOfStore({ kind }: BucketLocation, limits: PolicyTable, log: Logger): void {
  if (kind !== 'memcached') return;
  const others = [...limits.values()].flat().filter(({ strategy }) => strategy !== 'FIXED_WINDOW');
  const policies = [...new Set(others.map(({ name, strategy }) => `${name} (${strategy})`))];
  if (policies.length === 0) return;
  log.warn({ policies }, 'Memcached counts these policies as FIXED_WINDOW; other stores count as declared');
}

/** A store that may fail. */
interface Fallible {
  readonly store: BucketStore;
  /** Whether it is known not to work. */
  readonly isOpen: () => boolean;
  readonly close: () => void;
}

/** Opens the store of buckets that is configured, which always has a decision, whatever happens to what is behind it. */
async function openBuckets(
  options: StoreOptions,
  connections: RedisConnections,
  closers: Closers,
): Promise<BucketStore> {
  const { config, clock, log } = options;
  const { buckets: location, onError: onFailure } = config.stores;
  const local = createMemoryBuckets({ clock, maxBuckets: config.limits.memoryBuckets });
  if (location.kind === 'memory') return local;
  const { store, isOpen, close } = await openFallible(location, options, connections);
  closers.add(close);
  return createGuardedStore({ store, isOpen, onFailure, local, onError: tellOnce(log) });
}

async function openFallible(
  location: Exclude<BucketLocation, { kind: 'memory' }>,
  { config, clock, log }: StoreOptions,
  connections: RedisConnections,
): Promise<Fallible> {
  const { prefix, timeoutMs } = config.stores;
  switch (location.kind) {
    case 'sqlite': {
      const { path } = location;
      const store = blameVariable(environment.rateLimitStore.name, () =>
        openSqliteStore({ path, clock, timeoutMs, log }),
      );
      return {
        store,
        isOpen: () => store.breaker.isOpen,
        close: () => {
          store.close();
        },
      };
    }
    case 'redis': {
      const redis = await connections.to(location.address);
      const { store, close } = createRedisBuckets({ redis, prefix });
      return { store, isOpen: () => redis.breaker.isOpen, close };
    }
    case 'memcached': {
      const { openMemcached } = await loadDriver(
        'memcache-client',
        () => import('../connections/memcached/index.ts'),
      );
      const memcached = await openMemcached({ servers: location.servers, timeoutMs, log });
      const store = createMemcachedStore({ memcached, prefix, clock });
      return {
        store,
        isOpen: () => memcached.isOpen,
        close: () => {
          memcached.close();
        },
      };
    }
  }
}

/** Tells of what went wrong in ways that no breaker tells of, each once. */
function tellOnce(log: Logger): (error: unknown) => void {
  const told = new Set<string>();
  return (error) => {
    const reason = String(error);
    if (error instanceof StoreUnavailable || told.has(reason) || told.size >= mostTold) return;
    told.add(reason);
    log.error({ err: error }, 'an operation was judged without the store of limits; told once');
  };
}

/** Opens the store of answers that is configured. */
async function openAnswers(
  options: StoreOptions,
  connections: RedisConnections,
  closers: Closers,
): Promise<SharedBy> {
  const { config, clock } = options;
  const maxBytes = config.cache.memoryBytes - (config.server.compression ? copiesBytes(config) : 0);
  const open = await sharedAnswers(options, connections);
  if (open === undefined) return { store: createMemoryAnswers({ clock, maxBytes }), heardAgo: undefined };
  let heardAt = -Infinity;
  const store = createTieredStore({
    clock,
    maxBytes,
    open: (onInvalidate) =>
      open((invalidated) => {
        heardAt = performance.now();
        onInvalidate(invalidated);
      }),
  });
  closers.add(() => {
    store.close();
  });
  return {
    store,
    heardAgo() {
      // Some stores hear of others only when they are asked.
      store.begin().abandon();
      return performance.now() - heardAt;
    },
  };
}

/** Opens what processes share, where they do. */
async function sharedAnswers(
  { config, clock, log }: StoreOptions,
  connections: RedisConnections,
): Promise<((onInvalidate: OnInvalidate) => SharedAnswers) | undefined> {
  const { answers: location, prefix, timeoutMs } = config.stores;
  if (location.kind === 'sqlite') {
    const { path } = location;
    const { fileBytes: maxBytes } = config.cache;
    return (onInvalidate) =>
      blameVariable(environment.responseCacheStore.name, () =>
        createSqliteAnswers({ path, clock, maxBytes, onInvalidate, log, timeoutMs }),
      );
  }
  if (location.kind !== 'redis') return undefined;
  const redis = await connections.to(location.address);
  const largestBytes = Math.min(mostSentBytes, Math.floor(config.cache.memoryBytes / 16));
  return (onInvalidate) => openRedisAnswers({ redis, prefix, clock, onInvalidate, largestBytes, log });
}
