import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slidingWindow } from '../../../src/rate-limit/strategies/sliding-window.ts';
import type { Rule } from '../../../src/rate-limit/strategies/strategy.ts';
import { historiesOf, intervalsOf, play, unitsOf, type Use } from './histories.ts';
import { expectToCountLike, type Model } from './model.ts';
import { describeStrategy } from './strategy.contract.ts';

const rule = { limit: 10, duration: 1000 };

/** The published formula over all uses, grouped into windows that are aligned to the epoch, in exact arithmetic. */
class NaiveSlidingWindow implements Model {
  readonly #rule: Rule;
  #uses: Use[] = [];

  constructor(given: Rule) {
    this.#rule = given;
  }

  fits(cost: number, now: number): boolean {
    const { limit, duration } = this.#rule;
    const index = Math.floor(now / duration);
    const remaining = BigInt((index + 1) * duration - now);
    const used = this.#unitsIn(index - 1) * remaining + this.#unitsIn(index) * BigInt(duration);
    return used + BigInt(cost) * BigInt(duration) <= BigInt(limit) * BigInt(duration);
  }

  take(use: Use): void {
    this.#uses.push(use);
  }

  giveBack(use: Use): void {
    this.#uses = this.#uses.filter((other) => other !== use);
  }

  #unitsIn(index: number): bigint {
    return BigInt(unitsOf(this.#uses.filter(({ at }) => Math.floor(at / this.#rule.duration) === index)));
  }
}

describe('SLIDING_WINDOW', () => {
  describeStrategy(slidingWindow, { unitsCountFor: 2 });

  it('counts in windows that are aligned to the epoch', () => {
    const first = slidingWindow.take(undefined, rule, 4, 1700);
    const second = slidingWindow.take(first.state, rule, 5, 2100);
    expect([first.state, second.state]).toEqual([
      [1000, 4, 0],
      [2000, 5, 4],
    ]);
    expect(slidingWindow.take(second.state, rule, 1, 4000).state).toEqual([4000, 1, 0]);
  });

  it('counts the window before by how much of it the last duration still covers', () => {
    const state = [1000, 10, 0];
    const left = [2000, 2100, 2250, 2500, 2999, 3000].map(
      (now) => slidingWindow.level(state, rule, now).remaining,
    );
    expect(left).toEqual([0, 1, 2, 5, 9, 10]);
    expect(slidingWindow.level(state, rule, 2500).resetAt).toBe(3000);
  });

  it('does not round a share of a unit down', () => {
    const one = { limit: 1, duration: 1000 };
    const { state } = slidingWindow.take(undefined, one, 1, 0);
    expect(slidingWindow.take(state, one, 1, 1999)).toMatchObject({ allowed: false, retryAfter: 1 });
    expect(slidingWindow.take(state, one, 1, 2000).allowed).toBe(true);
  });

  it.each([
    { of: 'in the window', cost: 1, retryAfter: 100 },
    { of: 'when the next begins', cost: 6, retryAfter: 600 },
    { of: 'in the next one', cost: 8, retryAfter: 1100 },
    { of: 'when the next has ended', cost: 10, retryAfter: 1600 },
  ])('says when a cost of $cost fits: $of', ({ cost, retryAfter }) => {
    const state = [1000, 4, 10];
    expect(slidingWindow.take(state, rule, cost, 1400)).toMatchObject({ allowed: false, retryAfter });
  });

  it('gives back to the window in which the units were taken, and to none if that counts no more', () => {
    const state = [2000, 5, 4];
    expect(slidingWindow.giveBack(state, rule, 2, 2000, 2300)).toEqual([2000, 3, 4]);
    expect(slidingWindow.giveBack(state, rule, 2, 1999, 2300)).toEqual([2000, 5, 2]);
    expect(slidingWindow.giveBack(state, rule, 2, 1000, 2300)).toEqual([2000, 5, 2]);
    expect(slidingWindow.giveBack(state, rule, 2, 999, 2300)).toEqual(state);
    expect(slidingWindow.giveBack(state, rule, 2, 2300, 3100)).toEqual([3000, 0, 3]);
    expect(slidingWindow.giveBack([2000, 5, 0], rule, 5, 2000, 3100)).toBeUndefined();
  });

  it('gives back no more than a window holds, though a jump of the clock may have moved its units', () => {
    expect(slidingWindow.giveBack([2000, 1, 4], rule, 2, 2000, 2300)).toEqual([2000, 0, 4]);
    expect(slidingWindow.giveBack([2000, 5, 1], rule, 2, 1500, 2300)).toEqual([2000, 5, 0]);
  });

  it('denies a caller whose limit has become smaller than what they used, until enough has come back', () => {
    const state = [1000, 50, 40];
    expect(slidingWindow.take(state, rule, 1, 1500)).toMatchObject({ allowed: false, retryAfter: 1320 });
    expect(slidingWindow.level(state, rule, 1500)).toEqual({ remaining: 0, resetAt: 3000 });
  });

  it('counts like the formula over a list of all uses', () => {
    expectToCountLike(slidingWindow, (given) => new NaiveSlidingWindow(given));
  });

  it('lets the limit through where two windows meet, and no more', () => {
    const full = slidingWindow.take(undefined, rule, 10, 1999);
    expect(slidingWindow.take(full.state, rule, 1, 2000)).toMatchObject({ allowed: false, retryAfter: 100 });
  });

  it('never lets more through than the limit and its share of the time that really passes, while the clock jumps back', () => {
    fc.assert(
      fc.property(historiesOf({ clockJumps: true }), (history) => {
        const { limit, duration } = history.rule;
        for (const { length, units } of intervalsOf(play(slidingWindow, history).uses))
          if (length < duration) expect(units * duration).toBeLessThanOrEqual(limit * (duration + length));
      }),
    );
  });
});
