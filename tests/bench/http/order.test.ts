import { describe, expect, it } from 'vitest';
import { orderOf } from '../../../bench/http/order.ts';

describe('the order of a mix', () => {
  it('gives each its share', () => {
    const order = orderOf([90, 9, 1]);
    expect(order).toHaveLength(100);
    expect([0, 1, 2].map((index) => order.filter((one) => one === index).length)).toEqual([90, 9, 1]);
  });

  it('spreads them evenly: no two of the rare ones follow each other', () => {
    const places = orderOf([90, 9, 1]).flatMap((index, place) => (index === 1 ? [place] : []));
    const gaps = places.slice(1).map((place, index) => place - (places[index] ?? NaN));
    expect(Math.min(...gaps)).toBeGreaterThan(8);
  });

  it('asks for the only one all the time', () => {
    expect(new Set(orderOf([100]))).toEqual(new Set([0]));
  });
});
