import { LRUCache } from 'lru-cache';
import type { Clock } from '../util/clock.ts';
import type { PolicyCharges } from './charging.ts';
import type { BucketDenial, Decision } from './store.ts';

/** How many addresses are remembered. What is forgotten is learned again by the next count. */
const most = 10_000;

/** What was last counted of somebody who had no units left after it. */
interface LastCount {
  readonly charges: PolicyCharges;
  readonly decision: Decision;
  /** The bucket that keeps them waiting longest. */
  readonly bucket: number;
  /** When it was counted, and when there are units again, in milliseconds since the epoch by our own clock. */
  readonly at: number;
  readonly until: number;
}

/**
 * Who is known to have used up a limit, and until when: learned from what was counted, so that the store need not be asked
 * of them again. For limits that are fixed windows, and whose units nobody gets back.
 */
export class UsedUp {
  readonly #clock: Clock;
  readonly #last = new LRUCache<string, LastCount>({ max: most });

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether anybody is. */
  get isSomebody(): boolean {
    return this.#last.size > 0;
  }

  /** Learns from the count of one unit, whether there was one or not. */
  learn(who: string, charges: PolicyCharges, decision: Decision): void {
    const longest = longestWait(decision);
    if (longest === undefined) return;
    const at = this.#clock.now();
    this.#last.set(who, { charges, decision, bucket: longest.bucket, at, until: at + longest.retryAfter });
  }

  has(who: string): boolean {
    return this.#find(who) !== undefined;
  }

  /** The denial of one unit more; undefined where there may be one. */
  denialOf(who: string): { readonly charges: PolicyCharges; readonly decision: Decision } | undefined {
    const last = this.#find(who);
    if (last === undefined) return undefined;
    const { charges, decision, bucket, at, until } = last;
    const now = this.#clock.now();
    const denial: BucketDenial = { bucket, cost: 1, retryAfter: until - now };
    const takenAt = decision.takenAt + now - at;
    const levels = decision.levels.map((level, index) => {
      const isOver = level.resetAt !== null && level.resetAt <= takenAt;
      return isOver ? { remaining: charges.buckets[index]?.rule.limit ?? 0, resetAt: null } : level;
    });
    return { charges, decision: { takenAt, denied: [denial], reported: [], levels } };
  }

  #find(who: string): LastCount | undefined {
    const last = this.#last.get(who);
    if (last === undefined) return undefined;
    const now = this.#clock.now();
    // A clock that has jumped back must not keep anybody out for longer than a window.
    if (last.at <= now && now < last.until) return last;
    this.#last.delete(who);
    return undefined;
  }
}

/** The bucket from which one unit more can be had last, if not at once. */
function longestWait({ denied: [denial], levels, takenAt, isUnfounded }: Decision): Wait | undefined {
  if (isUnfounded === true) return undefined;
  let longest: Wait | undefined = denial;
  for (const [bucket, { remaining, resetAt }] of levels.entries()) {
    const retryAfter = (resetAt ?? takenAt) - takenAt;
    if (remaining === 0 && retryAfter > (longest?.retryAfter ?? 0)) longest = { bucket, retryAfter };
  }
  return longest;
}

type Wait = Pick<BucketDenial, 'bucket' | 'retryAfter'>;
