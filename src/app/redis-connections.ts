import type { RedisAddress } from '../config/redis-url.ts';
import { openRedis, type RedisConnection, type RedisConnectionOptions } from '../connections/redis.ts';

/** The connections of this process to Redis: one for each server, so that what is asked for at once goes out at once. */
export class RedisConnections {
  readonly #options: Omit<RedisConnectionOptions, 'address'>;
  readonly #open = new Map<string, RedisConnection>();

  constructor(options: Omit<RedisConnectionOptions, 'address'>) {
    this.#options = options;
  }

  async to(address: RedisAddress): Promise<RedisConnection> {
    const id = JSON.stringify(address);
    const connection = this.#open.get(id) ?? (await openRedis({ ...this.#options, address }));
    this.#open.set(id, connection);
    return connection;
  }

  close(): void {
    for (const connection of this.#open.values()) connection.close();
  }
}
