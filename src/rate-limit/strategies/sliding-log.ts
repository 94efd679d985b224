import type { Level, Rule, Strategy, Take } from './strategy.ts';

/** The time of every unit in use, oldest first, in milliseconds since the epoch. */
export type SlidingLogState = readonly number[];

/**
 * The time of every unit taken: exact, never more than the limit in any window, at the price of one number a unit.
 * The "sliding window log" of Figma's "An alternative approach to rate limiting" (2017).
 */
export const slidingLog: Strategy<SlidingLogState> = {
  take(state, rule, cost, now): Take<SlidingLogState> {
    const log = current(state, rule, now);
    if (cost > rule.limit) return { allowed: false, state: log, retryAfter: Infinity };
    const excess = log.length + cost - rule.limit;
    if (excess > 0) {
      // The attempt fits once as many of the oldest units as are in excess have left the window.
      return { allowed: false, state: log, retryAfter: (log[excess - 1] ?? now) + rule.duration - now };
    }
    return { allowed: true, state: [...log, ...Array<number>(cost).fill(now)], retryAfter: 0 };
  },

  giveBack(state, rule, cost, takenAt, now) {
    const log = [...current(state, rule, now)];
    for (let unit = 0; unit < cost; unit += 1) {
      const index = log.lastIndexOf(Math.min(takenAt, now));
      if (index !== -1) log.splice(index, 1);
    }
    return log.length > 0 ? log : undefined;
  },

  level(state, rule, now): Level {
    const log = current(state, rule, now);
    const newest = log.at(-1);
    return {
      remaining: Math.max(0, rule.limit - log.length),
      resetAt: newest === undefined ? null : newest + rule.duration,
    };
  },

  expiresAt: (state, rule) => (state.at(-1) ?? 0) + rule.duration,
};

/** The units still in the window. After a jump back of the clock, units from the future count as taken just now. */
function current(state: SlidingLogState | undefined, rule: Rule, now: number): SlidingLogState {
  if (state === undefined) return [];
  return state.filter((time) => time + rule.duration > now).map((time) => Math.min(time, now));
}
