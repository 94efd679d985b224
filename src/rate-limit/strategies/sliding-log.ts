import type { Level, Rule, State, Strategy, Take } from './strategy.ts';

/**
 * The time of every unit in use, oldest first, in milliseconds since the epoch: exact, never more than the limit in any
 * window, at the price of one number a unit. The "sliding window log" of Figma's "An alternative approach to rate
 * limiting" (2017).
 */
export const slidingLog: Strategy = {
  take(state, rule, cost, now): Take {
    const log = currentLog(state, rule, now);
    if (cost > rule.limit) return { allowed: false, state: unlessEmpty(log), retryAfter: Infinity };
    const excess = log.length + cost - rule.limit;
    if (excess > 0) {
      // The attempt fits once as many of the oldest units as are in excess have left the window.
      return { allowed: false, state: log, retryAfter: (log[excess - 1] ?? now) + rule.duration - now };
    }
    return { allowed: true, state: log.concat(Array<number>(cost).fill(now)), retryAfter: 0 };
  },

  giveBack(state, rule, cost, takenAt, now): State | undefined {
    const log = currentLog(state, rule, now);
    const time = Math.min(takenAt, now);
    const first = log.indexOf(time);
    if (first === -1) return unlessEmpty(log);
    return unlessEmpty(log.toSpliced(first, Math.min(cost, log.lastIndexOf(time) - first + 1)));
  },

  level(state, rule, now): Level {
    const log = currentLog(state, rule, now);
    const newest = log.at(-1);
    return {
      remaining: Math.max(0, rule.limit - log.length),
      resetAt: newest === undefined ? null : newest + rule.duration,
    };
  },

  expiresAt: (state, rule) => (state.at(-1) ?? 0) + rule.duration,
};

/** The units still in the window. After a jump back of the clock, units from the future count as taken just now. */
function currentLog(state: State | undefined, { duration }: Rule, now: number): State {
  if (state === undefined) return [];
  const oldest = state.findIndex((time) => time + duration > now);
  if (oldest === -1) return [];
  // A log can hold thousands of numbers, and mostly there is nothing to change.
  const log = oldest === 0 ? state : state.slice(oldest);
  return (log.at(-1) ?? now) > now ? log.map((time) => Math.min(time, now)) : log;
}

function unlessEmpty(log: State): State | undefined {
  return log.length > 0 ? log : undefined;
}
