import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rule, Strategy } from '../../../src/rate-limit/strategies/strategy.ts';

/** Lets milliseconds pass and then tries to take units. */
interface Step {
  readonly wait: number;
  readonly cost: number;
}

const rules: fc.Arbitrary<Rule> = fc.record({
  limit: fc.integer({ min: 1, max: 8 }),
  duration: fc.integer({ min: 1, max: 20 }),
});

const histories: fc.Arbitrary<Step[]> = fc.array(
  fc.record({ wait: fc.integer({ min: 0, max: 12 }), cost: fc.integer({ min: 1, max: 9 }) }),
  { maxLength: 30 },
);

/** What every strategy promises, after any history. */
export function describeStrategy<State>(strategy: Strategy<State>): void {
  function after(rule: Rule, history: readonly Step[]): { state: State | undefined; now: number } {
    let state: State | undefined;
    let now = 1_000_000;
    for (const { wait, cost } of history) {
      now += wait;
      state = strategy.take(state, rule, cost, now).state;
    }
    return { state, now };
  }

  describe('after any history', () => {
    it('a denied attempt fits after exactly its retryAfter, and not a millisecond before', () => {
      fc.assert(
        fc.property(rules, histories, fc.nat(7), (rule, history, n) => {
          const cost = 1 + (n % rule.limit);
          const { state, now } = after(rule, history);
          const take = strategy.take(state, rule, cost, now);
          if (take.allowed) return;
          expect(take.retryAfter).toBeGreaterThanOrEqual(1);
          expect(strategy.take(take.state, rule, cost, now + take.retryAfter - 1).allowed).toBe(false);
          expect(strategy.take(take.state, rule, cost, now + take.retryAfter).allowed).toBe(true);
        }),
      );
    });

    it('an attempt above the limit never fits, and says so', () => {
      fc.assert(
        fc.property(rules, histories, fc.integer({ min: 1, max: 9 }), (rule, history, excess) => {
          const { state, now } = after(rule, history);
          const take = strategy.take(state, rule, rule.limit + excess, now);
          expect([take.allowed, take.retryAfter]).toEqual([false, Infinity]);
        }),
      );
    });

    it('a denial takes nothing', () => {
      fc.assert(
        fc.property(
          rules,
          histories,
          fc.integer({ min: 1, max: 9 }),
          fc.nat(40),
          (rule, history, cost, later) => {
            const { state, now } = after(rule, history);
            const take = strategy.take(state, rule, cost, now);
            if (take.allowed) return;
            expect(strategy.level(take.state, rule, now + later)).toEqual(
              strategy.level(state, rule, now + later),
            );
          },
        ),
      );
    });

    it('the level is what can be taken, and says to the millisecond when all of it is back', () => {
      fc.assert(
        fc.property(rules, histories, (rule, history) => {
          const { state, now } = after(rule, history);
          const { remaining, resetAt } = strategy.level(state, rule, now);
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
        fc.property(
          rules,
          histories,
          fc.integer({ min: 1, max: 9 }),
          fc.nat(40),
          (rule, history, cost, later) => {
            const { state, now } = after(rule, history);
            const take = strategy.take(state, rule, cost, now);
            if (!take.allowed || take.state === undefined) return;
            const back = strategy.giveBack(take.state, rule, cost, now, now);
            expect(strategy.level(back, rule, now + later)).toEqual(strategy.level(state, rule, now + later));
          },
        ),
      );
    });

    it('the state means nothing from expiresAt on, and something until then', () => {
      fc.assert(
        fc.property(
          rules,
          histories,
          fc.integer({ min: 1, max: 9 }),
          fc.nat(40),
          (rule, history, cost, later) => {
            const { state } = after(rule, history);
            if (state === undefined) return;
            const end = strategy.expiresAt(state, rule);
            const fresh = strategy.take(undefined, rule, cost, end + later);
            const { allowed, retryAfter } = strategy.take(state, rule, cost, end + later);
            expect({ allowed, retryAfter }).toEqual({
              allowed: fresh.allowed,
              retryAfter: fresh.retryAfter,
            });
            expect(strategy.level(state, rule, end + later).remaining).toBe(rule.limit);
          },
        ),
      );
    });
  });

  describe('when the clock jumps back', () => {
    const second = 1000;
    const rule = { limit: 3, duration: 60 * second };

    it.each([1, 60, 3600])('by %d s a full bucket stays full, for one more duration at most', (back) => {
      let now = Date.UTC(2026, 0, 1);
      let { state } = strategy.take(undefined, rule, 3, now);
      now -= back * second;
      let waited = 0;
      for (; waited <= 200; waited += 1) {
        const take = strategy.take(state, rule, 1, now + waited * second);
        state = take.state;
        if (take.allowed) break;
      }
      expect(waited).toBe(60);
    });

    it('an attempt that is denied afterwards is told a wait that suffices', () => {
      const now = Date.UTC(2026, 0, 1);
      const { state } = strategy.take(undefined, rule, 3, now);
      const denied = strategy.take(state, rule, 2, now - 3600 * second);
      expect(denied).toMatchObject({ allowed: false, retryAfter: 60 * second });
      expect(strategy.take(denied.state, rule, 2, now - 3540 * second).allowed).toBe(true);
    });

    it('reading does not show units that are not there', () => {
      const now = Date.UTC(2026, 0, 1);
      const { state } = strategy.take(undefined, rule, 2, now);
      const level = strategy.level(state, rule, now - 3600 * second);
      expect(level).toEqual({ remaining: 1, resetAt: now - 3540 * second });
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
