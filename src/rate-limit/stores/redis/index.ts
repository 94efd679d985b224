import slotOf from 'cluster-key-slot';
import { openSubscription, type RedisConnection } from '../../../connections/redis/index.ts';
import type { BucketStore } from '../../store.ts';
import { createKnownDenials } from './known-denials.ts';
import { redisKey } from './redis-key.ts';
import { createSplitStore } from './split/index.ts';
import { createRedisStore } from './store.ts';

export interface RedisBuckets {
  readonly store: BucketStore;
  readonly close: () => void;
}

/**
 * Buckets in Redis, as a process uses them: on a cluster an operation is split by the places of its buckets, and
 * denials that are known here are not asked for again, until somebody is given something back.
 */
export function createRedisBuckets(options: {
  readonly redis: RedisConnection;
  readonly prefix: string;
}): RedisBuckets {
  const { redis, prefix } = options;
  const whole = createRedisStore(options);
  const shardOf = (key: string): number => slotOf(redisKey(prefix, key));
  const store = createKnownDenials({
    store: redis.isCluster ? createSplitStore({ shardOf, store: whole }) : whole,
  });
  const forgetEverything = (): void => {
    store.forgetEverything();
  };
  const subscription = openSubscription({
    redis,
    channels: [`${prefix}:given-back`],
    onMessage: (_, key) => {
      store.forget(key);
    },
    onSubscribed: forgetEverything,
    onLost: forgetEverything,
  });
  return {
    store,
    close: () => {
      subscription.close();
    },
  };
}
