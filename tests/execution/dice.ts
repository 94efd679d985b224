import { hashed } from '../rate-limit/plan/random.ts';

/** Throws that look random and are the same for the same text. */
export class Dice {
  #state: number;

  constructor(text: string) {
    this.#state = hashed(text);
  }

  /** A whole number from 0 on. */
  below(limit: number): number {
    // The constants of Numerical Recipes; the low bits of such a sequence are hardly random.
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * limit);
  }

  /** @param percent how often it is true */
  chance(percent: number): boolean {
    return this.below(1_000_000) < percent * 10_000;
  }

  oneOf<T>(values: readonly T[]): T {
    const value = values[this.below(values.length)];
    if (value === undefined && !values.includes(value as T))
      throw new RangeError('There is nothing to choose from.');
    return value as T;
  }
}
