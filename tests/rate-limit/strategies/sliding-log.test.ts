import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slidingLog } from '../../../src/rate-limit/strategies/sliding-log.ts';
import type { Rule, State } from '../../../src/rate-limit/strategies/strategy.ts';
import { historiesOf, intervalsOf, play, unitsOf, type Use } from './histories.ts';
import { expectToCountLike, type Model } from './model.ts';
import { describeStrategy } from './strategy.contract.ts';

const rule = { limit: 3, duration: 1000 };

/** All uses, of which those of the last duration count. */
class NaiveLog implements Model {
  readonly #rule: Rule;
  #uses: Use[] = [];

  constructor(given: Rule) {
    this.#rule = given;
  }

  fits(cost: number, now: number): boolean {
    const recent = this.#uses.filter(({ at }) => at > now - this.#rule.duration);
    return unitsOf(recent) + cost <= this.#rule.limit;
  }

  take(use: Use): void {
    this.#uses.push(use);
  }

  giveBack(use: Use): void {
    this.#uses = this.#uses.filter((other) => other !== use);
  }
}

describe('SLIDING_LOG', () => {
  describeStrategy(slidingLog, { unitsCountFor: 1 });

  it('frees each unit one duration after it was taken', () => {
    let state: State | undefined;
    for (const now of [0, 400, 800]) state = slidingLog.take(state, rule, 1, now).state;
    expect(slidingLog.take(state, rule, 1, 900)).toMatchObject({ allowed: false, retryAfter: 100 });
    expect(slidingLog.take(state, rule, 2, 900)).toMatchObject({ allowed: false, retryAfter: 500 });
    expect(slidingLog.take(state, rule, 3, 900)).toMatchObject({ allowed: false, retryAfter: 900 });
    expect(slidingLog.level(state, rule, 1000)).toEqual({ remaining: 1, resetAt: 1800 });
  });

  it('keeps no unit that has left the window', () => {
    expect(slidingLog.take([0, 400, 800], rule, 1, 1400).state).toEqual([800, 1400]);
    expect(slidingLog.take([0, 400, 800], rule, 4, 1400).state).toEqual([800]);
    expect(slidingLog.take([0, 400, 800], rule, 4, 1800).state).toBeUndefined();
  });

  it('gives back units of their own time only, and none that have left the window', () => {
    expect(slidingLog.giveBack([100, 200, 200], rule, 1, 200, 300)).toEqual([100, 200]);
    expect(slidingLog.giveBack([100, 100, 200], rule, 1, 100, 300)).toEqual([100, 200]);
    expect(slidingLog.giveBack([100, 200], rule, 2, 200, 300)).toEqual([100]);
    expect(slidingLog.giveBack([100, 200], rule, 2, 100, 300)).toEqual([200]);
    expect(slidingLog.giveBack([100, 200], rule, 1, 100, 1150)).toEqual([200]);
    expect(slidingLog.giveBack([200], rule, 1, 200, 300)).toBeUndefined();
  });

  it('denies a caller whose limit has become smaller than what they used, until enough has left', () => {
    const log = [0, 100, 200, 300, 400];
    expect(slidingLog.take(log, rule, 1, 500)).toMatchObject({ allowed: false, retryAfter: 700 });
    expect(slidingLog.level(log, rule, 500)).toEqual({ remaining: 0, resetAt: 1400 });
    expect(slidingLog.take(log, rule, 1, 1199).allowed).toBe(false);
    expect(slidingLog.take(log, rule, 1, 1200).allowed).toBe(true);
  });

  it('counts like a list of all uses', () => {
    expectToCountLike(slidingLog, (given) => new NaiveLog(given));
  });

  it('never lets more than the limit through in the duration, by the time that really passes, while the clock jumps back', () => {
    fc.assert(
      fc.property(historiesOf({ clockJumps: true }), (history) => {
        const { limit, duration } = history.rule;
        for (const { length, units } of intervalsOf(play(slidingLog, history).uses))
          if (length < duration) expect(units).toBeLessThanOrEqual(limit);
      }),
    );
  });
});
