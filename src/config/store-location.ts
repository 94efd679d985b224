import type { Format } from './formats.ts';
import { type HostAndPort, parseHostAndPort } from './host-and-port.ts';
import { parseRedisUrl, type RedisUrl } from './redis-url.ts';

/** Where a store is. */
export type StoreLocation =
  | { readonly kind: 'memory' }
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'redis'; readonly address: RedisUrl }
  | { readonly kind: 'memcached'; readonly servers: readonly HostAndPort[] };

export type BucketLocation = StoreLocation;
export type AnswerLocation = Exclude<StoreLocation, { kind: 'memcached' }> | { readonly kind: 'none' };

const sqlite = /^sqlite:(?!\/\/)(?=.*\S)(.+)$/;
const defaultMemcachedPort = 11_211;

/** Where buckets may live. */
export const bucketLocation: Format<BucketLocation> = {
  accepts: 'memory, sqlite:PATH, redis://HOST:PORT, rediss://HOST:PORT or memcached://HOST:PORT,HOST:PORT',
  parse: (text) => parseCommon(text) ?? parseMemcached(text),
};

/** Where answers may live. */
export const answerLocation: Format<AnswerLocation> = {
  accepts: 'none, memory, sqlite:PATH, redis://HOST:PORT or rediss://HOST:PORT',
  parse: (text) => (text === 'none' ? { kind: 'none' } : parseCommon(text)),
};

/** A Redis or Valkey server, or the nodes of a cluster. */
export const redisLocation: Format<Extract<StoreLocation, { kind: 'redis' }>> = {
  accepts: 'redis://USER:PASSWORD@HOST:PORT/DB or rediss://…, with several HOST:PORT for a cluster',
  parse: parseRedis,
};

/** The text with *** where it may have a password, also if it is malformed. */
export function maskStorePassword(text: string): string {
  return text.replace(
    /(?<=^\w+:\/\/)([^:@/]*:)?.*(?=@)/i,
    (_, user: string | undefined) => `${user ?? ''}***`,
  );
}

type Common = Exclude<StoreLocation, { kind: 'memcached' }>;

function parseCommon(text: string): Common | undefined {
  if (text === 'memory') return { kind: 'memory' };
  const path = sqlite.exec(text)?.[1];
  // In memory it would be one of each process, and slower than memory itself.
  if (path !== undefined) return path === ':memory:' ? undefined : { kind: 'sqlite', path };
  return parseRedis(text);
}

function parseRedis(text: string): Extract<StoreLocation, { kind: 'redis' }> | undefined {
  const address = parseRedisUrl(text);
  return address && { kind: 'redis', address };
}

function parseMemcached(text: string): Extract<StoreLocation, { kind: 'memcached' }> | undefined {
  const list = /^memcached:\/\/([^/?#]+)\/?$/.exec(text)?.[1]?.split(',') ?? [];
  const servers = list.map((entry) => parseHostAndPort(entry, defaultMemcachedPort));
  const known = servers.filter((server) => server !== undefined);
  return known.length > 0 && known.length === servers.length
    ? { kind: 'memcached', servers: known }
    : undefined;
}
