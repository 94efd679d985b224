import type * as ioredis from 'ioredis';
import type { Cluster, Redis, RedisOptions } from 'ioredis';

/** Where a Redis server is, or the nodes of a cluster. */
export interface RedisAddress {
  /** Of a cluster several, of which any may be down when the connection is made. */
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  readonly isCluster: boolean;
  readonly options: {
    readonly username?: string;
    readonly password?: string;
    readonly db?: number;
    readonly tls?: Record<string, never>;
  };
  /** The same without what is secret, for the log. */
  readonly name: string;
}

/** How long a server may take to accept a connection, in milliseconds. */
export const firstConnectionMs = 1000;
const reconnectEveryMs = 100;

/** Nothing is sent again: who is not answered has to decide without an answer. */
const once = {
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  connectTimeout: firstConnectionMs,
  // One on which nothing comes back is given up: another may find the server, or its successor.
  socketTimeout: 1000,
  reconnectOnError: (error: Error) => error.message.includes('READONLY'),
  // While a server loads its data it is asked so often whether it has done.
  maxLoadingRetryTime: 500,
} satisfies RedisOptions;

/** The classes of ioredis, which is loaded only where Redis is used. */
export type RedisDriver = Pick<typeof ioredis, 'Cluster' | 'Redis'>;

/** Connects to a server or a cluster, for ever anew. @param enableOfflineQueue whether commands wait for a connection */
export function connectRedis(
  driver: RedisDriver,
  { nodes, isCluster, options }: RedisAddress,
  enableOfflineQueue: boolean,
): Redis | Cluster {
  const retry = (): number => reconnectEveryMs;
  if (!isCluster) {
    return new driver.Redis({ ...nodes[0], ...options, ...once, enableOfflineQueue, retryStrategy: retry });
  }
  return new driver.Cluster([...nodes], {
    redisOptions: { ...options, ...once },
    enableOfflineQueue,
    clusterRetryStrategy: retry,
    slotsRefreshTimeout: firstConnectionMs,
    // What was sent to a node that has gone may have been done by it.
    retryDelayOnFailover: 0,
  });
}

/** Resolves when it can be used, and when it has become clear that for now it cannot. */
export function isSettled(client: Redis | Cluster): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, firstConnectionMs);
    for (const event of ['ready', 'error', 'close', 'end']) {
      client.once(event, () => {
        clearTimeout(timer);
        resolve();
      });
    }
  });
}
