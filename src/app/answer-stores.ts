import { environment } from '../config/variables.ts';
import {
  createMemoryStore,
  createSqliteAnswers,
  createTieredStore,
  type OnInvalidate,
  openRedisAnswers,
  type SharedAnswers,
} from '../response-cache/index.ts';
import type { Closers } from '../util/closers.ts';
import type { SharedBy } from './foreign-writes.ts';
import { naming } from './naming.ts';
import type { RedisConnections } from './redis-connections.ts';
import type { StoreOptions } from './store-options.ts';

/** What takes longer to send than a store may take to answer is better made anew. */
const mostSentBytes = 4_194_304;

/** Opens the store of answers that is configured. */
export async function openAnswers(
  options: StoreOptions,
  connections: RedisConnections,
  closers: Closers,
): Promise<SharedBy> {
  const { config, clock } = options;
  const { memoryBytes: maxBytes } = config.cache;
  const open = await sharedAnswers(options, connections);
  if (open === undefined) return { store: createMemoryStore({ clock, maxBytes }), heardAgo: undefined };
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
      naming(environment.responseCacheStore.name, () =>
        createSqliteAnswers({ path, clock, maxBytes, onInvalidate, log, timeoutMs }),
      );
  }
  if (location.kind !== 'redis') return undefined;
  const redis = await connections.to(location.address);
  const largestBytes = Math.min(mostSentBytes, Math.floor(config.cache.memoryBytes / 16));
  return (onInvalidate) => openRedisAnswers({ redis, prefix, clock, onInvalidate, largestBytes, log });
}
