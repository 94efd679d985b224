import { describe, expect, it } from 'vitest';
import { verdictOf } from '../../../bench/soak/verdict.ts';

const mebibyte = 2 ** 20;

/** The verdict on memory that is, after each quarter, so many MiB. */
function verdict(used: readonly number[], rss: readonly number[] = used.map(() => 300)) {
  return verdictOf(used.map((one, index) => ({ used: one * mebibyte, rss: (rss[index] ?? NaN) * mebibyte })));
}

describe('the verdict on memory', () => {
  it('finds no leak in what ends within a tenth of the first quarter, whatever was between', () => {
    expect(verdict([100, 150, 120, 110]).isWithin).toBe(true);
    expect(verdict([100, 90, 80, 60]).isWithin).toBe(true);
  });

  it('finds one in what ends above', () => {
    expect(verdict([100, 104, 108, 112]).isWithin).toBe(false);
    expect(verdict([100, 100, 100, 100], [300, 310, 320, 340]).isWithin).toBe(false);
  });

  it('finds one in what could not be measured', () => {
    expect(verdict([100, 100, 100, NaN]).isWithin).toBe(false);
    expect(() => verdict([])).toThrow('Memory has not been measured.');
  });

  it('tells the levels and how much they have grown', () => {
    expect(verdict([100, 104, 108, 112]).text).toMatch(
      /4 \| 112\.0 \| 300\.0.*\+12\.0 % \| \+0\.0 %.*\*\*no\*\*/s,
    );
  });
});
