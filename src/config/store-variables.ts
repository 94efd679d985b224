import { integer, oneOf, word } from './formats.ts';
import { answerLocation, bucketLocation, maskStorePassword, redisLocation } from './store-location.ts';

/** The environment variables that say where buckets and answers live. */
export const storeVariables = {
  redisUrl: {
    name: 'REDIS_URL',
    format: redisLocation,
    description: 'A Redis or Valkey server, or a cluster, for both stores unless they say otherwise.',
    mask: maskStorePassword,
  },
  rateLimitStore: {
    name: 'RATE_LIMIT_STORE',
    format: bucketLocation,
    description: 'Where buckets live; unset, in REDIS_URL, or else in memory.',
    mask: maskStorePassword,
  },
  responseCacheStore: {
    name: 'RESPONSE_CACHE_STORE',
    format: answerLocation,
    description: 'Where answers are kept; unset, in REDIS_URL, or else in memory.',
    mask: maskStorePassword,
  },
  storePrefix: {
    name: 'STORE_PREFIX',
    format: word,
    default: 'sluice',
    description: 'What every key in Redis and Memcached begins with.',
  },
  storeTimeout: {
    name: 'STORE_TIMEOUT',
    format: integer(1, 10_000),
    default: '50',
    description:
      'How long a store may take to answer, in milliseconds; one that takes longer counts as down.',
  },
  onStoreError: {
    name: 'ON_STORE_ERROR',
    format: oneOf('local', 'allow', 'deny'),
    default: 'local',
    description:
      'What the limiter does while its store is down: count in memory, allow everything, or deny what is limited.',
  },
};
