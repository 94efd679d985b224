import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Strategy } from '../../../src/rate-limit/strategies/strategy.ts';
import { describeClockJumps, type Traits } from './clock-jumps.contract.ts';
import { historiesOf, play, twelfths } from './histories.ts';

const kinds = [
  ['after any history', historiesOf({ givesBack: true })],
  ['after any history in which the limit changes', historiesOf({ givesBack: true, limitsChange: true })],
  ['after any history in which the clock jumps back', historiesOf({ clockJumps: true })],
] as const;

/** What every strategy promises. */
export function describeStrategy(strategy: Strategy, traits: Traits): void {
  const { unitsCountFor } = traits;

  describe.each(kinds)('%s', (_, histories) => {
    it('a denied attempt fits after exactly its retryAfter, and not a millisecond before', () => {
      fc.assert(
        fc.property(histories, fc.nat(), (history, n) => {
          const { rule } = history;
          const { state, now } = play(strategy, history);
          const cost = 1 + (n % rule.limit);
          const take = strategy.take(state, rule, cost, now);
          if (take.allowed) {
            expect(take.retryAfter).toBe(0);
            return;
          }
          expect(take.retryAfter).toBeGreaterThanOrEqual(1);
          expect(strategy.take(take.state, rule, cost, now + take.retryAfter - 1).allowed).toBe(false);
          expect(strategy.take(take.state, rule, cost, now + take.retryAfter).allowed).toBe(true);
        }),
      );
    });

    it('an attempt above the limit never fits, and says so', () => {
      fc.assert(
        fc.property(histories, fc.integer({ min: 1, max: 9 }), (history, excess) => {
          const { state, now } = play(strategy, history);
          const take = strategy.take(state, history.rule, history.rule.limit + excess, now);
          expect([take.allowed, take.retryAfter]).toEqual([false, Infinity]);
        }),
      );
    });

    it('a limit of 0 lets nothing through, and yet every bucket empties', () => {
      fc.assert(
        fc.property(histories, (history) => {
          const never = { limit: 0, duration: history.rule.duration };
          const { state, now } = play(strategy, history);
          expect(strategy.take(state, never, 1, now)).toMatchObject({ allowed: false, retryAfter: Infinity });
          const { remaining, resetAt } = strategy.level(state, never, now);
          expect(remaining).toBe(0);
          if (resetAt === null) return;
          expect(strategy.level(state, never, resetAt - 1).resetAt).toBe(resetAt);
          expect(strategy.level(state, never, resetAt).resetAt).toBeNull();
        }),
      );
    });

    it('a denial takes nothing, under whichever limit', () => {
      const attempts = fc.record({
        wait: fc.nat(30),
        cost: fc.integer({ min: 1, max: 1100 }),
        limit: fc.nat(30),
      });
      fc.assert(
        fc.property(histories, attempts, fc.nat(30), (history, { wait, cost, limit }, later) => {
          const { rule } = history;
          const { state, now } = play(strategy, history);
          const then = now + twelfths(wait, rule.duration);
          const take = strategy.take(state, { ...rule, limit: twelfths(limit, rule.limit) }, cost, then);
          if (take.allowed) return;
          const time = then + twelfths(later, rule.duration);
          expect(strategy.level(take.state, rule, time)).toEqual(strategy.level(state, rule, time));
        }),
      );
    });

    it('the level is what can be taken, and says to the millisecond when all of it is back', () => {
      fc.assert(
        fc.property(histories, (history) => {
          const { rule } = history;
          const { state, now } = play(strategy, history);
          const { remaining, resetAt } = strategy.level(state, rule, now);
          expect(remaining).toBeGreaterThanOrEqual(0);
          expect(strategy.take(state, rule, remaining + 1, now).allowed).toBe(false);
          if (remaining > 0) expect(strategy.take(state, rule, remaining, now).allowed).toBe(true);
          expect(resetAt === null).toBe(remaining === rule.limit);
          if (resetAt === null) return;
          expect(strategy.level(state, rule, resetAt - 1).remaining).toBeLessThan(rule.limit);
          expect(strategy.level(state, rule, resetAt)).toEqual({ remaining: rule.limit, resetAt: null });
        }),
      );
    });

    it('giving back at once what was taken leaves everything as it was', () => {
      fc.assert(
        fc.property(histories, fc.nat(), fc.nat(30), (history, n, later) => {
          const { rule } = history;
          const { state, now } = play(strategy, history);
          const cost = 1 + (n % rule.limit);
          const time = now + twelfths(later, rule.duration);
          const take = strategy.take(state, rule, cost, now);
          if (!take.allowed || take.state === undefined) return;
          const back = strategy.giveBack(take.state, rule, cost, now, now);
          expect(strategy.level(back, rule, time)).toEqual(strategy.level(state, rule, time));
        }),
      );
    });

    it('the state says something until it expires, and nothing from then on', () => {
      fc.assert(
        fc.property(histories, fc.nat(), fc.nat(30), (history, n, later) => {
          const { rule } = history;
          const { state, now } = play(strategy, history);
          if (state === undefined) return;
          const end = strategy.expiresAt(state, rule);
          if (end > now) expect(strategy.level(state, rule, end - 1).remaining).toBeLessThan(rule.limit);
          const time = Math.max(now, end) + twelfths(later, rule.duration);
          const cost = 1 + (n % rule.limit);
          expect(strategy.take(state, rule, cost, time)).toEqual(strategy.take(undefined, rule, cost, time));
          expect(strategy.level(state, rule, time)).toEqual(strategy.level(undefined, rule, time));
        }),
      );
    });
  });

  it('of 100 attempts of one unit at the same moment on a limit of 5, exactly 5 are let through', () => {
    const steps = Array.from({ length: 100 }, () => ({ wait: 0, back: 0, limit: 5, cost: 1 }));
    const { uses } = play(strategy, {
      rule: { limit: 5, duration: 60_000 },
      start: Date.UTC(2026, 0, 1),
      steps,
    });
    expect(uses).toHaveLength(5);
  });

  it(`no unit counts for longer than ${unitsCountFor} × the duration`, () => {
    fc.assert(
      fc.property(historiesOf({ givesBack: true }), (history) => {
        const { state, now } = play(strategy, history);
        const { resetAt } = strategy.level(state, history.rule, now);
        expect((resetAt ?? now) - now).toBeLessThanOrEqual(unitsCountFor * history.rule.duration);
      }),
    );
  });

  describeClockJumps(strategy, traits);
}
