import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slidingLog, type SlidingLogState } from '../../../src/rate-limit/strategies/sliding-log.ts';
import { steps } from './steps.ts';
import { describeStrategy } from './strategy.contract.ts';

const rule = { limit: 3, duration: 1000 };

const rules = fc.record({
  limit: fc.integer({ min: 1, max: 6 }),
  duration: fc.integer({ min: 1, max: 15 }),
});

/** Units that were let through, and when. */
interface Use {
  readonly at: number;
  readonly cost: number;
}

function unitsIn(uses: readonly Use[], from: number, until: number): number {
  const inside = uses.filter(({ at }) => at >= from && at < until);
  return inside.reduce((sum, { cost }) => sum + cost, 0);
}

describe('SLIDING_LOG', () => {
  describeStrategy(slidingLog);

  it('frees each unit one duration after it was taken', () => {
    let state: SlidingLogState | undefined;
    for (const now of [0, 400, 800]) state = slidingLog.take(state, rule, 1, now).state;
    expect(slidingLog.take(state, rule, 1, 900)).toMatchObject({ allowed: false, retryAfter: 100 });
    expect(slidingLog.take(state, rule, 2, 900)).toMatchObject({ allowed: false, retryAfter: 500 });
    expect(slidingLog.take(state, rule, 3, 900)).toMatchObject({ allowed: false, retryAfter: 900 });
    expect(slidingLog.level(state, rule, 1000)).toEqual({ remaining: 1, resetAt: 1800 });
  });

  it('gives back units of their own time only, and none that have left the window', () => {
    expect(slidingLog.giveBack([100, 200, 200], rule, 1, 200, 300)).toEqual([100, 200]);
    expect(slidingLog.giveBack([100, 200], rule, 2, 200, 300)).toEqual([100]);
    expect(slidingLog.giveBack([100, 200], rule, 1, 100, 1150)).toEqual([200]);
    expect(slidingLog.giveBack([200], rule, 1, 200, 300)).toBeUndefined();
  });

  it('denies a caller whose limit has become smaller than what they used, until enough has left', () => {
    const log = [0, 100, 200, 300, 400];
    const take = slidingLog.take(log, rule, 1, 500);
    expect(take).toMatchObject({ allowed: false, retryAfter: 700 });
    expect(slidingLog.take(log, rule, 1, 1199).allowed).toBe(false);
    expect(slidingLog.take(log, rule, 1, 1200).allowed).toBe(true);
  });

  it('never lets more than the limit through in any window, and nothing less', () => {
    fc.assert(
      fc.property(rules, steps, ({ limit, duration }, history) => {
        let state: SlidingLogState | undefined;
        const uses: Use[] = [];
        let now = 0;
        for (const step of history) {
          now += step.wait;
          if ('giveBack' in step) {
            const [use] = uses.splice(step.giveBack, 1);
            if (use !== undefined && state !== undefined)
              state = slidingLog.giveBack(state, { limit, duration }, use.cost, use.at, now);
          } else {
            const fits = unitsIn(uses, now - duration + 1, now + 1) + step.cost <= limit;
            const take = slidingLog.take(state, { limit, duration }, step.cost, now);
            expect(take.allowed).toBe(fits);
            state = take.state;
            if (take.allowed) uses.push({ at: now, cost: step.cost });
          }
        }
        for (const { at } of uses) expect(unitsIn(uses, at, at + duration)).toBeLessThanOrEqual(limit);
      }),
    );
  });

  it('keeps to that, by the time that really passes, while the clock jumps back', () => {
    const steps = fc.array(
      fc.record({ wait: fc.nat(8), back: fc.nat(20), cost: fc.integer({ min: 1, max: 6 }) }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(rules, steps, (given, history) => {
        let state: SlidingLogState | undefined;
        const uses: Use[] = [];
        let elapsed = 0;
        let shown = 1000;
        for (const { wait, back, cost } of history) {
          elapsed += wait;
          shown += wait - back;
          const take = slidingLog.take(state, given, cost, shown);
          state = take.state;
          if (take.allowed) uses.push({ at: elapsed, cost });
        }
        for (const { at } of uses)
          expect(unitsIn(uses, at, at + given.duration)).toBeLessThanOrEqual(given.limit);
      }),
    );
  });
});
