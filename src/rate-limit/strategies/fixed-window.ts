import type { Level, Rule, State, Strategy, Take } from './strategy.ts';

/**
 * One counter a window, which opens with the first use: the algorithm of Redis' INCR + EXPIRE pattern ("Pattern: Rate
 * limiter 2" in the documentation of INCR). Up to twice the limit can pass where two windows meet.
 * The state is when the window opened, in milliseconds since the epoch, and the units used in it.
 */
export const fixedWindow: Strategy = {
  take(state, rule, cost, now): Take {
    const window = currentWindow(state, rule, now);
    if (cost > rule.limit) return { allowed: false, state: window, retryAfter: Infinity };
    const [start = now, used = 0] = window ?? [];
    if (used + cost > rule.limit)
      return { allowed: false, state: window, retryAfter: start + rule.duration - now };
    return { allowed: true, state: [start, used + cost], retryAfter: 0 };
  },

  giveBack(state, rule, cost, takenAt, now): State | undefined {
    const window = currentWindow(state, rule, now);
    if (window === undefined) return undefined;
    const [start = now, used = 0] = window;
    if (takenAt < start) return window;
    return used > cost ? [start, used - cost] : undefined;
  },

  level(state, rule, now): Level {
    const window = currentWindow(state, rule, now);
    if (window === undefined) return { remaining: rule.limit, resetAt: null };
    const [start = now, used = 0] = window;
    return { remaining: Math.max(0, rule.limit - used), resetAt: start + rule.duration };
  },

  expiresAt: ([start = 0], rule) => start + rule.duration,
};

/** The window that `now` is in. After a jump back of the clock the window counts as opened just now. */
function currentWindow(state: State | undefined, rule: Rule, now: number): State | undefined {
  if (state === undefined) return undefined;
  const [start = now, used = 0] = state;
  if (now >= start + rule.duration) return undefined;
  return now < start ? [now, used] : state;
}
