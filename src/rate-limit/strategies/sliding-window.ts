import type { Level, Rule, State, Strategy, Take } from './strategy.ts';

/**
 * Two counters, of the window that the clock is in and of the one before, which counts in proportion to how much of it
 * the last `duration` still covers. Windows are aligned to the epoch. The approximation of Cloudflare's "How we built
 * rate limiting capable of scaling to millions of domains" (2017), which takes the uses of the window before as evenly
 * spread; so no burst is let through where two windows meet, and yet a bucket is three numbers.
 *
 * The state is when the window began, in milliseconds since the epoch, and the units taken in it and in the one before.
 * Shares of units are never rounded before they are compared; all is reckoned in integers, exact while limit × duration
 * (in milliseconds) is below 2^53.
 */
export const slidingWindow: Strategy = {
  take(state, rule, cost, now): Take {
    const window = currentWindow(state, rule, now);
    if (cost > rule.limit) return { allowed: false, state: unlessEmpty(window), retryAfter: Infinity };
    const time = fitsAt(window, rule, cost);
    if (now < time) return { allowed: false, state: window, retryAfter: time - now };
    const [start = now, current = 0, previous = 0] = window;
    return { allowed: true, state: [start, current + cost, previous], retryAfter: 0 };
  },

  giveBack(state, rule, cost, takenAt, now): State | undefined {
    const window = currentWindow(state, rule, now);
    const [start = now, current = 0, previous = 0] = window;
    if (takenAt >= start) return unlessEmpty([start, Math.max(0, current - cost), previous]);
    if (takenAt < start - rule.duration) return unlessEmpty(window);
    return unlessEmpty([start, current, Math.max(0, previous - cost)]);
  },

  level(state, rule, now): Level {
    const window = currentWindow(state, rule, now);
    if (unlessEmpty(window) === undefined) return { remaining: rule.limit, resetAt: null };
    const [start = now, current = 0, previous = 0] = window;
    const left = Math.ceil((previous * (start + rule.duration - now)) / rule.duration);
    return { remaining: Math.max(0, rule.limit - current - left), resetAt: emptyAt(window, rule) };
  },

  expiresAt: emptyAt,
};

/**
 * The window that `now` is in. After a jump back of the clock it counts as begun just now, with all that was taken in
 * it and before it; from then on the windows of the bucket follow that beginning, until it is empty.
 */
function currentWindow(state: State | undefined, { duration }: Rule, now: number): State {
  const [start = -Infinity, current = 0, previous = 0] = state ?? [];
  if (now < start) return [now, current, previous];
  if (state !== undefined && now < start + duration) return state;
  if (current > 0 && now < start + 2 * duration) return [start + duration, 0, current];
  return [Math.floor(now / duration) * duration, 0, 0];
}

/**
 * The first millisecond at which a cost fits: the first at which the window before, of whose units there remain
 * previous × (end − now) / duration, leaves as many free as it needs. If what was taken in this window is in the way
 * by itself, that is in the next one, where it has become the window before.
 */
function fitsAt([start = 0, current = 0, previous = 0]: State, rule: Rule, cost: number): number {
  const end = start + rule.duration;
  const free = rule.limit - current - cost;
  if (free < 0) return fitsAt([end, 0, current], rule, cost);
  return previous === 0 ? start : end - Math.floor((free * rule.duration) / previous);
}

/** The first millisecond at which no unit counts any more: each does to the end of the window after its own. */
function emptyAt([start = 0, current = 0]: State, { duration }: Rule): number {
  return current > 0 ? start + 2 * duration : start + duration;
}

function unlessEmpty(window: State): State | undefined {
  const [, current = 0, previous = 0] = window;
  return current > 0 || previous > 0 ? window : undefined;
}
