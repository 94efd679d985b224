import fc from 'fast-check';
import { expect } from 'vitest';
import type { Rule, Strategy } from '../../../src/rate-limit/strategies/strategy.ts';
import { historiesOf, play, type Use } from './histories.ts';

/** The most literal account of one bucket, however slow. */
export interface Model {
  fits(cost: number, now: number): boolean;
  take(use: Use): void;
  giveBack(use: Use, now: number): void;
}

/** Expects a strategy to let through, after any history, exactly what the model has room for. */
export function expectToCountLike(strategy: Strategy, create: (rule: Rule) => Model): void {
  fc.assert(
    fc.property(historiesOf({ givesBack: true }), (history) => {
      const { rule } = history;
      const model = create(rule);
      play(strategy, history, {
        attempt(use, { allowed }) {
          expect(allowed).toBe(model.fits(use.cost, use.at));
          if (allowed) model.take(use);
        },
        gaveBack: (use, now) => {
          model.giveBack(use, now);
        },
        after(state, now) {
          const { remaining } = strategy.level(state, rule, now);
          expect([model.fits(remaining, now), model.fits(remaining + 1, now)]).toEqual([true, false]);
        },
      });
    }),
  );
}
