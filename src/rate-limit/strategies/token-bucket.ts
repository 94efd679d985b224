import type { Level, Rule, State, Strategy, Take } from './strategy.ts';

/**
 * Units flow back evenly, a limit's worth in a duration: a burst of the whole limit passes, and from then on the steady
 * rate. In any interval that is the limit and what flows back in it at most. The Generic Cell Rate Algorithm in its form
 * of a continuous-state leaky bucket (ITU-T Recommendation I.371, Annex A).
 *
 * The state is when the debt was reckoned, in milliseconds since the epoch, and the debt, in unit·milliseconds: a unit
 * that is taken adds the duration to it, and a millisecond pays off the limit. So no fraction is ever rounded, and all
 * is exact while limit × duration (in milliseconds) is below 2^53.
 */
export const tokenBucket: Strategy = {
  take(state, rule, cost, now): Take {
    const bucket = currentBucket(state, now);
    if (cost > rule.limit) return { allowed: false, state: bucket, retryAfter: Infinity };
    const time = bucket === undefined ? now : fitsAt(bucket, rule, cost);
    if (now < time) return { allowed: false, state: bucket, retryAfter: time - now };
    return { allowed: true, state: [now, debtAt(bucket, rule, now) + cost * rule.duration], retryAfter: 0 };
  },

  giveBack(state, rule, cost, takenAt, now): State | undefined {
    // Even a full bucket has paid off some since then, and what has flowed back must not be given a second time.
    const unpaid = rule.limit * (takenAt + rule.duration - now);
    const given = Math.max(0, Math.min(cost * rule.duration, unpaid));
    const debt = debtAt(currentBucket(state, now), rule, now) - given;
    return debt > 0 ? [now, debt] : undefined;
  },

  level(state, rule, now): Level {
    const debt = debtAt(currentBucket(state, now), rule, now);
    if (debt === 0) return { remaining: rule.limit, resetAt: null };
    const remaining = Math.max(0, rule.limit - Math.ceil(debt / rule.duration));
    return { remaining, resetAt: now + Math.ceil(debt / rateOf(rule)) };
  },

  expiresAt: ([at = 0, debt = 0], rule) => at + Math.ceil(debt / rateOf(rule)),
};

/** After a jump back of the clock, the debt counts as run up just now. */
function currentBucket(state: State | undefined, now: number): State | undefined {
  const [at = now, debt = 0] = state ?? [];
  return now < at ? [now, debt] : state;
}

function debtAt(bucket: State | undefined, rule: Rule, now: number): number {
  const [at = now, debt = 0] = bucket ?? [];
  return Math.max(0, debt - (now - at) * rateOf(rule));
}

/** The first millisecond at which the debt leaves room for a cost. */
function fitsAt([at = 0, debt = 0]: State, rule: Rule, cost: number): number {
  return at + Math.ceil((debt - (rule.limit - cost) * rule.duration) / rateOf(rule));
}

/** Unit·milliseconds that a millisecond pays off. Under a limit of 0 they are not none, so that every bucket empties. */
function rateOf({ limit }: Rule): number {
  return Math.max(1, limit);
}
