import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rule, State } from '../../../src/rate-limit/strategies/strategy.ts';
import { tokenBucket } from '../../../src/rate-limit/strategies/token-bucket.ts';
import { historiesOf, intervalsOf, play, type Use } from './histories.ts';
import { expectToCountLike, type Model } from './model.ts';
import { describeStrategy } from './strategy.contract.ts';

const rule = { limit: 3, duration: 1000 };

/** What each unit still owes, in parts of which a unit has as many as the duration has milliseconds; oldest first. */
class NaiveTokenBucket implements Model {
  readonly #limit: bigint;
  readonly #duration: bigint;
  #owed: bigint[] = [];
  #now = 0;

  constructor({ limit, duration }: Rule) {
    this.#limit = BigInt(limit);
    this.#duration = BigInt(duration);
  }

  fits(cost: number, now: number): boolean {
    this.#pay(now);
    const owed = this.#owed.reduce((sum, parts) => sum + parts, 0n);
    return owed + BigInt(cost) * this.#duration <= this.#limit * this.#duration;
  }

  take({ at, cost }: Use): void {
    this.#pay(at);
    this.#owed.push(...Array<bigint>(cost).fill(this.#duration));
  }

  /** Of what was taken, no more can be given back than a bucket that was full at the time would still owe. */
  giveBack({ at, cost }: Use, now: number): void {
    this.#pay(now);
    const unpaid = this.#limit * (this.#duration - BigInt(now - at));
    const taken = BigInt(cost) * this.#duration;
    this.#remove(taken < unpaid ? taken : unpaid);
  }

  #pay(now: number): void {
    this.#remove(BigInt(now - this.#now) * this.#limit);
    this.#now = now;
  }

  #remove(parts: bigint): void {
    let left = parts;
    this.#owed = this.#owed.flatMap((owed) => {
      const removed = left < 0n ? 0n : owed < left ? owed : left;
      left -= removed;
      return removed === owed ? [] : [owed - removed];
    });
  }
}

describe('TOKEN_BUCKET', () => {
  describeStrategy(tokenBucket, { unitsCountFor: 1 });

  it('lets a burst of the limit through, and from then on the steady rate', () => {
    const admitted: number[] = [];
    let state: State | undefined;
    for (let now = 0; now <= 1500; now += 1) {
      const take = tokenBucket.take(state, rule, 1, now);
      state = take.state;
      if (take.allowed) admitted.push(now);
    }
    expect(admitted).toEqual([0, 1, 2, 334, 667, 1000, 1334]);
  });

  it('loses no fraction of a unit, however often it is asked', () => {
    let { state } = tokenBucket.take(undefined, rule, 3, 0);
    for (let now = 1; now < 1000; now += 1) state = tokenBucket.take(state, rule, 3, now).state;
    expect(tokenBucket.take(state, rule, 3, 999)).toMatchObject({ allowed: false, retryAfter: 1 });
    expect(tokenBucket.take(state, rule, 3, 1000).allowed).toBe(true);
  });

  it('says when a cost fits and when all units are back', () => {
    const { state } = tokenBucket.take(undefined, rule, 3, 5000);
    const waits = [1, 2, 3].map((cost) => tokenBucket.take(state, rule, cost, 5000).retryAfter);
    expect(waits).toEqual([334, 667, 1000]);
    expect(tokenBucket.level(state, rule, 5400)).toEqual({ remaining: 1, resetAt: 6000 });
  });

  it('gives back what was taken', () => {
    const { state } = tokenBucket.take(undefined, rule, 3, 0);
    if (state === undefined) throw new Error('Units were taken.');
    const back = tokenBucket.giveBack(state, rule, 1, 0, 200);
    expect(tokenBucket.level(back, rule, 200)).toEqual({ remaining: 1, resetAt: 667 });
    expect(tokenBucket.giveBack(state, rule, 3, 0, 200)).toBeUndefined();
  });

  it('does not give back what has flowed back already', () => {
    const first = tokenBucket.take(undefined, rule, 3, 0);
    const second = tokenBucket.take(first.state, rule, 3, 1000);
    if (second.state === undefined) throw new Error('Units were taken.');
    const late = tokenBucket.giveBack(second.state, rule, 3, 0, 1000);
    expect(tokenBucket.level(late, rule, 1000).remaining).toBe(0);
    const third = tokenBucket.take(first.state, rule, 2, 700);
    if (third.state === undefined) throw new Error('Units were taken.');
    const partly = tokenBucket.giveBack(third.state, rule, 3, 0, 700);
    expect(tokenBucket.level(partly, rule, 700)).toEqual(
      tokenBucket.level(tokenBucket.take(undefined, rule, 2, 700).state, rule, 700),
    );
  });

  it('denies a caller whose limit has become smaller than what they used, until enough has flowed back', () => {
    const { state } = tokenBucket.take(undefined, { ...rule, limit: 10 }, 10, 0);
    expect(tokenBucket.take(state, rule, 1, 0)).toMatchObject({ allowed: false, retryAfter: 2667 });
    expect(tokenBucket.level(state, rule, 0)).toEqual({ remaining: 0, resetAt: 3334 });
  });

  it('counts like units that each flow back part by part', () => {
    expectToCountLike(tokenBucket, (given) => new NaiveTokenBucket(given));
  });

  it('never lets more through than the limit and what flows back in the time that really passes, while the clock jumps back', () => {
    fc.assert(
      fc.property(historiesOf({ clockJumps: true }), (history) => {
        const { limit, duration } = history.rule;
        for (const { length, units } of intervalsOf(play(tokenBucket, history).uses))
          expect(units * duration).toBeLessThanOrEqual(limit * (duration + length));
      }),
    );
  });
});
