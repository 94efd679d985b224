import type { RedisAddress } from '../config/redis-url.ts';
import type { RedisConnection, RedisConnectionOptions } from '../connections/redis.ts';
import { loadDriver } from '../util/load-driver.ts';

/** The connections of this process to Redis: one for each server, so that what is asked for at once goes out at once. */
export class RedisConnections {
  readonly #options: Omit<RedisConnectionOptions, 'address'>;
  readonly #open = new Map<string, RedisConnection>();

  constructor(options: Omit<RedisConnectionOptions, 'address'>) {
    this.#options = options;
  }

  async to(address: RedisAddress): Promise<RedisConnection> {
    const id = JSON.stringify(address);
    const known = this.#open.get(id);
    if (known !== undefined) return known;
    const { openRedis } = await loadDriver('ioredis', () => import('../connections/redis.ts'));
    const connection = await openRedis({ ...this.#options, address });
    this.#open.set(id, connection);
    return connection;
  }

  close(): void {
    for (const connection of this.#open.values()) connection.close();
  }
}
