import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixedWindow } from '../../../src/rate-limit/strategies/fixed-window.ts';
import type { Rule } from '../../../src/rate-limit/strategies/strategy.ts';
import { historiesOf, intervalsOf, play, unitsOf, type Use } from './histories.ts';
import { expectToCountLike, type Model } from './model.ts';
import { describeStrategy } from './strategy.contract.ts';

const rule = { limit: 3, duration: 1000 };

/** The uses of the window that is open. */
class NaiveFixedWindow implements Model {
  readonly #rule: Rule;
  #opened = -Infinity;
  #uses: Use[] = [];

  constructor(given: Rule) {
    this.#rule = given;
  }

  fits(cost: number, now: number): boolean {
    return unitsOf(this.#usesAt(now)) + cost <= this.#rule.limit;
  }

  take(use: Use): void {
    this.#uses = [...this.#usesAt(use.at), use];
    if (this.#uses.length === 1) this.#opened = use.at;
  }

  giveBack(use: Use): void {
    this.#uses = this.#uses.filter((other) => other !== use);
  }

  #usesAt(now: number): Use[] {
    return now < this.#opened + this.#rule.duration ? this.#uses : [];
  }
}

describe('FIXED_WINDOW', () => {
  describeStrategy(fixedWindow, { unitsCountFor: 1 });

  it('opens its window with the first use', () => {
    const { state } = fixedWindow.take(undefined, rule, 1, 5000);
    expect(state).toEqual([5000, 1]);
    expect(fixedWindow.expiresAt([5000, 1], rule)).toBe(6000);
  });

  it('closes it after the duration, whenever the later uses were', () => {
    const first = fixedWindow.take(undefined, rule, 2, 0);
    const second = fixedWindow.take(first.state, rule, 1, 999);
    expect(fixedWindow.take(second.state, rule, 1, 999)).toMatchObject({ allowed: false, retryAfter: 1 });
    expect(fixedWindow.take(second.state, rule, 3, 1000).state).toEqual([1000, 3]);
  });

  it('gives nothing back to a window that opened after the units were taken', () => {
    expect(fixedWindow.giveBack([1000, 2], rule, 1, 999, 1500)).toEqual([1000, 2]);
    expect(fixedWindow.giveBack([1000, 2], rule, 1, 1000, 1500)).toEqual([1000, 1]);
    expect(fixedWindow.giveBack([1000, 2], rule, 2, 1000, 1500)).toBeUndefined();
  });

  it('denies a caller whose limit has become smaller than what they used, until the window ends', () => {
    const used = [0, 50];
    expect(fixedWindow.take(used, rule, 1, 400)).toMatchObject({ allowed: false, retryAfter: 600 });
    expect(fixedWindow.level(used, rule, 400)).toEqual({ remaining: 0, resetAt: 1000 });
  });

  it('counts like a list of the uses since the window opened', () => {
    expectToCountLike(fixedWindow, (given) => new NaiveFixedWindow(given));
  });

  it('lets twice the limit, less the unit that opened the first window, through where two windows meet', () => {
    const opened = fixedWindow.take(undefined, rule, 1, 0);
    const full = fixedWindow.take(opened.state, rule, 2, 999);
    const next = fixedWindow.take(full.state, rule, 3, 1000);
    expect([full.allowed, next.allowed]).toEqual([true, true]);
  });

  it('never lets more than that through in the duration, by the time that really passes, while the clock jumps back', () => {
    fc.assert(
      fc.property(historiesOf({ clockJumps: true }), (history) => {
        const { limit, duration } = history.rule;
        for (const { length, units } of intervalsOf(play(fixedWindow, history).uses))
          if (length < duration) expect(units).toBeLessThanOrEqual(2 * limit - 1);
      }),
    );
  });
});
