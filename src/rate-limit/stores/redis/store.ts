import type { RedisConnection } from '../../../connections/redis/index.ts';
import type { Clock } from '../../../util/clock.ts';
import { judge } from '../../judge.ts';
import type { Bucket, BucketStore, Charge, Decision, OperationCharges } from '../../store.ts';
import type { Level } from '../../strategies/index.ts';
import {
  type ChargeReply,
  encodeCharges,
  encodeTaken,
  flatRule,
  levelOf,
  readDecision,
  readLevels,
  runsOf,
  waitOf,
} from './codec.ts';
import { redisKey } from './redis-key.ts';
import { chargeOneScripts, chargeScript, giveBackScript, levelsScript } from './scripts.ts';

export interface RedisStoreOptions {
  readonly redis: Pick<RedisConnection, 'run'>;
  /** What every key begins with, and the channel `PREFIX:given-back`. */
  readonly prefix: string;
  /** By default the server's. */
  readonly clock?: Clock;
}

/**
 * Keeps buckets in Redis or Valkey, for all processes together. Each call is one script, so that nothing comes between.
 * What is given back is published on `PREFIX:given-back`, by the bucket's key. On a cluster, the buckets of one call must
 * share a hash slot (redisKey).
 */
export function createRedisStore({ redis, prefix, clock }: RedisStoreOptions): BucketStore {
  const keysOf = (buckets: readonly Bucket[]): string[] => buckets.map(({ key }) => redisKey(prefix, key));
  const time = (): number | false => clock?.now() ?? false;

  async function chargeOne(bucket: Bucket, { cost, enforced }: Charge): Promise<Decision> {
    const { key, strategy, rule } = bucket;
    const args = [rule.limit, rule.duration, cost];
    if (clock !== undefined) args.push(clock.now());
    const reply = await redis.run(chargeOneScripts[strategy], [redisKey(prefix, key)], args);
    // What the script returns is a list of five integers.
    const [takenAt, isAllowed, wait, remaining, resetAt] = reply as [number, number, number, number, number];
    const isDenied = enforced && isAllowed === 0;
    return {
      takenAt,
      rejected: undefined,
      denied: [isDenied ? { bucket: 0, cost, retryAfter: waitOf(wait) } : undefined],
      reported: isAllowed === 1 || enforced ? [] : [{ selection: 0, bucket: 0 }],
      levels: [levelOf(remaining, resetAt)],
    };
  }

  async function chargeAll(charges: OperationCharges): Promise<Decision> {
    const { buckets, selections } = charges;
    const runs = runsOf(selections);
    const script = chargeScript(new Set(buckets.map(({ strategy }) => strategy)));
    const reply = await redis.run(script, keysOf(buckets), [encodeCharges(charges, runs, time())]);
    // The shape of what the script returns.
    return readDecision(reply as ChargeReply, charges, runs.runs);
  }

  return {
    charge(charges) {
      const [bucket, charge] = [charges.buckets[0], onlyCharge(charges)];
      if (bucket === undefined) return judge(charges, [], clock?.now() ?? Date.now()).decision;
      return charge === undefined ? chargeAll(charges) : chargeOne(bucket, charge);
    },

    async giveBack(taken, takenAt) {
      if (taken.length === 0) return;
      const { keys, units } = encodeTaken(taken);
      const args = [JSON.stringify([time(), takenAt, units]), `${prefix}:given-back`, ...keys];
      const places = keys.map((key) => redisKey(prefix, key));
      await redis.run(giveBackScript, places, args);
    },

    async levels(buckets): Promise<Level[]> {
      if (buckets.length === 0) return [];
      const args = [JSON.stringify([time(), buckets.flatMap(flatRule)])];
      // What the script returns is a list of integers.
      return readLevels((await redis.run(levelsScript, keysOf(buckets), args)) as number[]);
    },
  };
}

/** The charge of an operation that comes to one, which is what most do. */
function onlyCharge({ buckets, selections, meta }: OperationCharges): Charge | undefined {
  const [selection] = selections;
  const isOne = buckets.length === 1 && selections.length === 1 && selection?.charges.length === 1;
  return isOne && meta === undefined && selection.isDenied !== true ? selection.charges[0] : undefined;
}
