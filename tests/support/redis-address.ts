import { parseRedisUrl } from '../../src/config/redis-url.ts';
import type { RedisAddress } from '../../src/connections/redis/client.ts';

/** What a URL says of a Redis server. */
export function redisAddress(url: string): RedisAddress {
  const address = parseRedisUrl(url);
  if (address === undefined) throw new Error(`${url} is not the URL of a Redis server.`);
  return address;
}
