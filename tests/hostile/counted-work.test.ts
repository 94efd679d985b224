import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { countWork, growth } from '../support/count-work.ts';

describe('counted work', () => {
  const loop = (times: number): number => {
    let sum = 0;
    for (let index = 0; index < times; index += 1) sum += index % 2 === 0 ? 1 : 2;
    return sum;
  };

  it('is about the same each time', async () => {
    const [first, second] = [await countWork(() => loop(100_000)), await countWork(() => loop(100_000))];
    expect(first / second).toBeCloseTo(1, 1);
    expect(first).toBeGreaterThan(100_000);
  });

  it('grows with what a loop does', async () => {
    const [first, second] = await growth([100_000, 200_000, 400_000], loop);
    expect(first).toBeCloseTo(2, 1);
    expect(second).toBeCloseTo(2, 1);
  });

  it('sees what libraries do', async () => {
    const [first] = await growth([10_000, 20_000], (fields) => parse(`{ ${'a '.repeat(fields)} }`));
    expect(first).toBeCloseTo(2, 0);
  });
});
