import type { Clock } from '../../clock.ts';
import type { RedisConnection } from '../../connections/redis.ts';
import { lastUse } from '../answer.ts';
import { Commands } from './redis/commands.ts';
import { Peers } from './redis/peers.ts';
import { PendingDrops } from './pending-drops.ts';
import type { OnDrop, SharedAnswers } from './shared-answers.ts';

export interface RedisAnswersOptions {
  readonly redis: RedisConnection;
  /** What keys and channels begin with. */
  readonly prefix: string;
  /** What the times of answers go by. */
  readonly clock: Clock;
  readonly onDrop: OnDrop;
  /** How long a process may give copies without hearing from the others, which then wait for it; default 50 ms. */
  readonly patienceMs?: number;
  /** Milliseconds of a clock that nobody turns; that of the process by default. */
  readonly now?: () => number;
}

/**
 * Shares answers through Redis 6 or later. Each look-up, keep and drop is one script call. The last drop of each tag is
 * remembered, and an answer counts as dropped if that has a greater number than the drop that it was begun after.
 */
export function openRedisAnswers({
  redis,
  prefix,
  clock,
  onDrop,
  patienceMs = 50,
  now = () => performance.now(),
}: RedisAnswersOptions): SharedAnswers {
  const { breaker } = redis;
  const commands = new Commands(prefix, databaseOf(redis), patienceMs);
  const peers = new Peers({ redis, prefix, commands, patienceMs, now, onDrop, onSequence: learn });
  const pending = new PendingDrops();
  let known: number | undefined;
  /** Of answers that were begun before the drop of this number, others may have some to drop yet. */
  let floor = 0;
  let isClosed = false;

  function learn(sequence: number): void {
    known = Math.max(known ?? 0, sequence);
  }

  /** Whether what Redis says can be relied on: not while drops are left to do. */
  function works(): boolean {
    if (isClosed || breaker.isOpen) return false;
    if (pending.isEmpty) return true;
    // It came after the others had been done, but before the breaker closed.
    breaker.trip(new Error('There are answers left to drop.'));
    return false;
  }

  /** Does what is left to drop. Others may have such drops too, so that nothing is relied on that was begun before. */
  async function recover(): Promise<void> {
    if (isClosed) return;
    const dropped = pending.take();
    try {
      floor = await peers.dropLate(dropped);
    } catch (error) {
      pending.add(dropped);
      throw error;
    }
    // Not the greatest: after a restart, the server's clock may be behind the one that it had before.
    known = floor;
    peers.distrustCopies();
  }

  breaker.beforeClosing(recover);

  return {
    get sequence() {
      return works() ? known : undefined;
    },

    isCurrent: () => works() && peers.isInStep(),

    async find(key) {
      if (!works()) return undefined;
      try {
        const { sequence, shared } = await commands.find(redis, key, floor);
        if (!works()) return undefined;
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

    async drop(dropped) {
      try {
        await peers.drop(dropped);
      } catch (error) {
        pending.add(dropped);
        // Whatever the failure says of the server, nothing is to be given before this has been done.
        breaker.trip(error);
      }
    },

    close() {
      isClosed = true;
      peers.close();
    },
  };
}

/** The number that the name of the address ends with, if it is not the first one. */
function databaseOf({ name }: RedisConnection): number {
  return Number(/\/(\d+)$/.exec(name)?.[1] ?? 0);
}
