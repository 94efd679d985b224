import { makeScript, type RedisConnection } from '../../connections/redis/index.ts';
import { type DocumentStore, entryBytes, largestShare } from '../store.ts';

/** How long texts stay that nobody adds to, in milliseconds. */
const lifeMs = 7 * 24 * 60 * 60 * 1000;

export interface RedisDocumentsOptions {
  readonly redis: Pick<RedisConnection, 'run' | 'breaker'>;
  /** What keys begin with. */
  readonly prefix: string;
  /** Those that were registered first go first. */
  readonly maxBytes: number;
}

const findScript = makeScript(`return redis.call('HGET', KEYS[1], ARGV[1])`);

/** A server that throws keys away may have thrown away one of the two: what is left of the other counts for nothing. */
const keepScript = makeScript(`
  local texts, order = KEYS[1], KEYS[2]
  local hash, text, most, overhead, life = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
  if redis.call('HEXISTS', texts, hash) == 0 then
    redis.call('HSET', texts, hash, text)
    redis.call('RPUSH', order, hash)
    local bytes = redis.call('HINCRBY', texts, 'bytes', #text + overhead)
    while bytes > most do
      local first = redis.call('LPOP', order)
      if not first then
        redis.call('DEL', texts)
        break
      end
      local size = redis.call('HSTRLEN', texts, first)
      if redis.call('HDEL', texts, first) == 1 then
        bytes = redis.call('HINCRBY', texts, 'bytes', -(size + overhead))
      end
    end
  end
  redis.call('PEXPIRE', texts, life)
  redis.call('PEXPIRE', order, life)
  return 1
`);

/** Texts in Redis, which processes share. A look-up is one script call. */
export function openRedisDocuments({ redis, prefix, maxBytes }: RedisDocumentsOptions): DocumentStore {
  const base = `${prefix}:{${prefix}:documents}`;
  const [texts, order] = [`${base}:texts`, `${base}:order`];
  const largest = Math.floor(maxBytes * largestShare);
  return {
    async get(hash) {
      if (redis.breaker.isOpen) return undefined;
      try {
        const found = await redis.run(findScript, [texts], [hash]);
        return typeof found === 'string' ? found : undefined;
      } catch {
        return undefined;
      }
    },

    async set(hash, text) {
      const tooLarge = Buffer.byteLength(text) + entryBytes > largest;
      if (tooLarge || redis.breaker.isOpen) return;
      try {
        await redis.run(keepScript, [texts, order], [hash, text, maxBytes, entryBytes, lifeMs]);
      } catch {
        // The breaker has told of it.
      }
    },

    close() {
      // The connection is its owner's.
    },
  };
}
