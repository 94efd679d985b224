import type { BucketStore } from '../rate-limit/index.ts';
import { Closers } from '../util/closers.ts';
import { openAnswers } from './answer-stores.ts';
import { openBuckets } from './bucket-stores.ts';
import type { SharedBy } from './foreign-writes.ts';
import { RedisConnections } from './redis-connections.ts';
import type { StoreOptions } from './store-options.ts';

/** Where buckets and answers live. */
export interface Stores {
  readonly buckets: BucketStore;
  readonly answers: SharedBy;
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
    return { buckets, answers, close: () => closers.close() };
  } catch (error) {
    await closers.close();
    throw error;
  }
}
