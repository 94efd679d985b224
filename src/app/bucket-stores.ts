import type { Logger } from 'pino';
import type { BucketLocation } from '../config/store-location.ts';
import { environment } from '../config/variables.ts';
import { StoreUnavailable } from '../connections/breaker.ts';
import {
  type BucketStore,
  createGuardedStore,
  createMemcachedStore,
  createMemoryStore,
  createRedisBuckets,
  openSqliteStore,
} from '../rate-limit/index.ts';
import type { Closers } from '../util/closers.ts';
import { loadDriver } from '../util/load-driver.ts';
import { naming } from './naming.ts';
import type { RedisConnections } from './redis-connections.ts';
import type { StoreOptions } from './store-options.ts';

/** A store that may fail. */
interface Fallible {
  readonly store: BucketStore;
  /** Whether it is known not to work. */
  readonly isOpen: () => boolean;
  readonly close: () => void;
}

/** Opens the store of buckets that is configured, which always has a decision, whatever happens to what is behind it. */
export async function openBuckets(
  options: StoreOptions,
  connections: RedisConnections,
  closers: Closers,
): Promise<BucketStore> {
  const { config, clock, log } = options;
  const { buckets: location, onError: onFailure } = config.stores;
  const local = createMemoryStore({ clock, maxBuckets: config.limits.memoryBuckets });
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
      const store = naming(environment.rateLimitStore.name, () =>
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
        () => import('../connections/memcached.ts'),
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

const mostTold = 100;

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
