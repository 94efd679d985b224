import type { Closers } from './closers.ts';
import type { BucketLocation } from './config/store-location.ts';
import { environment } from './config/variables.ts';
import { openMemcached } from './connections/memcached.ts';
import { naming } from './naming.ts';
import {
  createGuardedStore,
  createMemcachedStore,
  createMemoryStore,
  createRedisBuckets,
  openSqliteStore,
  type BucketStore,
} from './rate-limit/index.ts';
import type { RedisConnections } from './redis-connections.ts';
import type { StoreOptions } from './store-options.ts';

/** A store that may fail. */
interface Fallible {
  readonly store: BucketStore;
  /** Whether it is known not to work. */
  readonly isOpen: () => boolean;
  readonly close: () => void;
}

/** Opens the store of buckets that is configured, which always has a verdict, whatever happens to what is behind it. */
export async function openBuckets(
  options: StoreOptions,
  connections: RedisConnections,
  closers: Closers,
): Promise<BucketStore> {
  const { config, clock } = options;
  const { buckets: location, onError: onFailure } = config.stores;
  const local = createMemoryStore({ clock, maxBuckets: config.limits.memoryBuckets });
  if (location.kind === 'memory') return local;
  const { store, isOpen, close } = await openFallible(location, options, connections);
  closers.add(close);
  return createGuardedStore({ store, isOpen, onFailure, local });
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
