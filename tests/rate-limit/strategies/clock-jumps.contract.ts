import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Strategy } from '../../../src/rate-limit/strategies/strategy.ts';
import { historiesOf, play, twelfths } from './histories.ts';

export interface Traits {
  /** For how many durations a unit counts at most. */
  readonly unitsCountFor: 1 | 2;
}

/** What every strategy promises for when the clock jumps back. */
export function describeClockJumps(strategy: Strategy, { unitsCountFor }: Traits): void {
  describe('when the clock jumps back', () => {
    const jumpy = historiesOf({ clockJumps: true });
    const second = 1000;
    const rule = { limit: 3, duration: 60 * second };

    it('no unit is freed by that', () => {
      fc.assert(
        fc.property(jumpy, fc.nat(60), (history, back) => {
          const { state, now } = play(strategy, history);
          const before = strategy.level(state, history.rule, now).remaining;
          const then = now - twelfths(back, history.rule.duration);
          expect(strategy.level(state, history.rule, then).remaining).toBeLessThanOrEqual(before);
        }),
      );
    });

    it(`no unit counts for longer than another ${unitsCountFor} × the duration`, () => {
      fc.assert(
        fc.property(jumpy, fc.nat(60), (history, back) => {
          const { state, now } = play(strategy, history);
          const then = now - twelfths(back, history.rule.duration);
          const { resetAt } = strategy.level(state, history.rule, then);
          expect((resetAt ?? then) - then).toBeLessThanOrEqual(unitsCountFor * history.rule.duration);
        }),
      );
    });

    it.each([1, 60, 3600])('by %d s, a full bucket is as full as if it had been filled then', (back) => {
      const filled = Date.UTC(2026, 0, 1);
      let { state } = strategy.take(undefined, rule, 3, filled);
      const { retryAfter } = strategy.take(state, rule, 1, filled);
      const now = filled - back * second;
      for (let waited = 0; waited < retryAfter; waited += second) {
        const take = strategy.take(state, rule, 1, now + waited);
        expect(take).toMatchObject({ allowed: false, retryAfter: retryAfter - waited });
        state = take.state;
      }
      expect(strategy.take(state, rule, 1, now + retryAfter).allowed).toBe(true);
    });

    it('what was taken before can still be given back', () => {
      const now = Date.UTC(2026, 0, 1);
      const { state } = strategy.take(undefined, rule, 2, now);
      if (state === undefined) throw new Error('Units were taken.');
      const back = strategy.giveBack(state, rule, 2, now, now - second);
      expect(strategy.level(back, rule, now - second).remaining).toBe(3);
    });
  });
}
