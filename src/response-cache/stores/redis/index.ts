import type { Logger } from 'pino';
import type { RedisConnection } from '../../../connections/redis/index.ts';
import type { Clock } from '../../../util/clock.ts';
import { lastUse } from '../../answer.ts';
import type { OnInvalidate, SharedAnswers } from '../shared-answers.ts';
import { Commands } from './commands.ts';
import { Peers } from './peers.ts';
import { Recovery } from './recovery.ts';

export interface RedisAnswersOptions {
  readonly redis: RedisConnection;
  /** What keys and channels begin with. */
  readonly prefix: string;
  /** What the times of answers go by. */
  readonly clock: Clock;
  /** Of how many bytes the body of an answer may be. One that takes more than 1 MiB when packed is not kept either. */
  readonly largestBytes: number;
  readonly onInvalidate: OnInvalidate;
  readonly log: Logger;
  /** How long a process may give copies without hearing from the others, which then wait for it; default 50 ms. */
  readonly patienceMs?: number;
  /** Milliseconds of a clock that nobody turns; that of the process by default. */
  readonly now?: () => number;
}

/**
 * Shares answers through Redis 6 or later. Each look-up, keep and invalidation is one script call. The last
 * invalidation of each tag is remembered, and an answer counts as invalidated if that has a greater number than the
 * invalidation that it was begun after.
 */
export function openRedisAnswers({
  redis,
  prefix,
  clock,
  largestBytes,
  onInvalidate,
  log,
  patienceMs = 50,
  now = () => performance.now(),
}: RedisAnswersOptions): SharedAnswers {
  const { breaker } = redis;
  const commands = new Commands({ prefix, database: redis.database, patienceMs, largestBytes });
  const peers = new Peers({ redis, prefix, commands, patienceMs, now, onInvalidate, onSequence: learn });
  const recovery = new Recovery({
    breaker,
    invalidate: (invalidated) => peers.invalidateLate(invalidated),
    onRecovered,
    name: redis.name,
    log,
  });
  let known: number | undefined;
  /** Of answers that were begun before the invalidation of this number, others may have some to invalidate yet. */
  let floor = 0;
  let isClosed = false;

  function learn(sequence: number): void {
    known = Math.max(known ?? 0, sequence);
  }

  /** Whether what Redis says can be relied on: not while invalidations are left to do. */
  function works(): boolean {
    return !isClosed && !breaker.isOpen && !recovery.isBehind;
  }

  function onRecovered(sequence: number): void {
    floor = sequence;
    // Not the greatest: after a restart, the server's clock may be behind the one that it had before.
    known = sequence;
    peers.distrustCopies();
  }

  return {
    get sequence() {
      return works() ? known : undefined;
    },

    isCurrent: () => works() && peers.isInStep(),

    async find(key) {
      if (!works()) return undefined;
      const since = floor;
      try {
        const { sequence, shared } = await commands.find(redis, key, since);
        if (!works() || since !== floor) return undefined;
        learn(sequence);
        return shared !== undefined && clock.now() < lastUse(shared.answer) ? shared : undefined;
      } catch {
        return undefined;
      }
    },

    async keep(key, shared, begunAfter) {
      if (!works()) return 'unavailable';
      try {
        const lifeMs = lastUse(shared.answer) - clock.now();
        return await commands.keep(redis, key, shared, begunAfter, lifeMs);
      } catch {
        return 'unavailable';
      }
    },

    async invalidate(invalidated) {
      if (breaker.isOpen) {
        recovery.add(invalidated);
        return;
      }
      try {
        await peers.invalidate(invalidated);
      } catch {
        recovery.add(invalidated);
      }
    },

    close() {
      isClosed = true;
      recovery.end();
      peers.close();
    },
  };
}
