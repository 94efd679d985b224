import type { Closers } from './closers.ts';
import { environment } from './config/variables.ts';
import { naming } from './naming.ts';
import type { RedisConnections } from './redis-connections.ts';
import {
  createMemoryStore,
  createSqliteAnswers,
  createTieredStore,
  openRedisAnswers,
  type AnswerStore,
  type OnDrop,
  type SharedAnswers,
} from './response-cache/index.ts';
import type { StoreOptions } from './store-options.ts';

/** Where answers are kept. */
export interface Answers {
  readonly store: AnswerStore;
  /** Whether other processes have the same ones. */
  readonly areShared: boolean;
}

/** Opens the store of answers that is configured. */
export async function openAnswers(
  options: StoreOptions,
  connections: RedisConnections,
  closers: Closers,
): Promise<Answers> {
  const { config, clock } = options;
  const { memoryBytes: maxBytes } = config.cache;
  const open = await sharedAnswers(options, connections);
  if (open === undefined) return { store: createMemoryStore({ clock, maxBytes }), areShared: false };
  const store = createTieredStore({ clock, maxBytes, open });
  closers.add(() => {
    store.close();
  });
  return { store, areShared: true };
}

/** Opens what processes share, where they do. */
async function sharedAnswers(
  { config, clock, log }: StoreOptions,
  connections: RedisConnections,
): Promise<((onDrop: OnDrop) => SharedAnswers) | undefined> {
  const { answers: location, prefix, timeoutMs } = config.stores;
  if (location.kind === 'sqlite') {
    const { path } = location;
    const { fileBytes: maxBytes } = config.cache;
    return (onDrop) =>
      naming(environment.responseCacheStore.name, () =>
        createSqliteAnswers({ path, clock, maxBytes, onDrop, log, timeoutMs }),
      );
  }
  if (location.kind !== 'redis') return undefined;
  const redis = await connections.to(location.address);
  return (onDrop) => openRedisAnswers({ redis, prefix, clock, onDrop });
}
