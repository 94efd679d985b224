import type { Level, Rule, Strategy, Take } from './strategy.ts';

export interface FixedWindowState {
  /** When the window opened, in milliseconds since the epoch. */
  readonly start: number;
  readonly used: number;
}

/**
 * One counter a window, which opens with the first use: the algorithm of Redis' INCR + EXPIRE pattern ("Pattern: Rate
 * limiter 2" in the documentation of INCR). Up to twice the limit can pass in an instant that two windows share.
 */
export const fixedWindow: Strategy<FixedWindowState> = {
  take(state, rule, cost, now): Take<FixedWindowState> {
    const window = current(state, rule, now);
    if (cost > rule.limit) return { allowed: false, state: window, retryAfter: Infinity };
    const { start, used } = window ?? { start: now, used: 0 };
    if (used + cost > rule.limit)
      return { allowed: false, state: window, retryAfter: start + rule.duration - now };
    return { allowed: true, state: { start, used: used + cost }, retryAfter: 0 };
  },

  giveBack(state, rule, cost, takenAt, now) {
    const window = current(state, rule, now);
    if (window === undefined || takenAt < window.start) return window;
    const used = window.used - cost;
    return used > 0 ? { start: window.start, used } : undefined;
  },

  level(state, rule, now): Level {
    const window = current(state, rule, now);
    if (window === undefined) return { remaining: rule.limit, resetAt: null };
    return { remaining: Math.max(0, rule.limit - window.used), resetAt: window.start + rule.duration };
  },

  expiresAt: (state, rule) => state.start + rule.duration,
};

/** The window that `now` is in. After a jump back of the clock the window counts as opened just now. */
function current(state: FixedWindowState | undefined, rule: Rule, now: number): FixedWindowState | undefined {
  if (state === undefined || now >= state.start + rule.duration) return undefined;
  return now < state.start ? { start: now, used: state.used } : state;
}
