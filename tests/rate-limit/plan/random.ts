import fc from 'fast-check';

/** Random decisions, read from a tape so that a failure shrinks: zeros, and what lies beyond the end, decide for less. */
export class Decisions {
  readonly #tape: Uint8Array;
  #at = 0;

  constructor(tape: Uint8Array) {
    this.#tape = tape;
  }

  integer(min: number, max: number): number {
    const value = this.#tape[this.#at] ?? 0;
    this.#at += 1;
    return min + (value % (max - min + 1));
  }

  /** @param percent how often it is true */
  chance(percent: number): boolean {
    return this.integer(1, 100) > 100 - percent;
  }

  oneOf<T>(values: readonly T[]): T {
    const value = values[this.integer(0, values.length - 1)];
    if (value === undefined) throw new RangeError('There is nothing to choose from.');
    return value;
  }

  /** Some of the values, in their order. */
  someOf<T>(values: readonly T[], least: number): T[] {
    const some = values.filter(() => this.chance(50));
    return some.length >= least ? some : values.slice(0, least);
  }
}

/** Decisions for as much as a random operation takes. */
export const decisions = fc
  .uint8Array({ minLength: 1500, maxLength: 1500, size: 'max' })
  .map((tape) => new Decisions(tape));

/** A number, at least 0, that looks random and is the same for the same text. */
export function hashed(text: string): number {
  let hash = 7;
  for (let at = 0; at < text.length; at += 1) hash = (hash * 31 + text.charCodeAt(at)) % 1_000_003;
  return hash;
}
