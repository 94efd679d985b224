import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EvictionOrder } from '../../../src/rate-limit/stores/memory/eviction-order.ts';

/** Takes out all slots, first things first. */
function drain(order: EvictionOrder): number[] {
  const slots: number[] = [];
  for (let slot = order.first(); slot !== undefined; slot = order.first()) {
    slots.push(slot);
    order.remove(slot);
  }
  return slots;
}

describe('the order of eviction', () => {
  it('has no first while it is empty', () => {
    expect(new EvictionOrder().first()).toBeUndefined();
  });

  it('begins with the least loaded, however late they were used', () => {
    const order = new EvictionOrder();
    [1, 0.5, 0.9, 0.1].forEach((load, slot) => {
      order.add(slot, load);
    });
    expect(drain(order)).toEqual([3, 1, 2, 0]);
  });

  it('begins with the one used longest ago of those that are loaded alike', () => {
    const order = new EvictionOrder();
    for (const slot of [2, 0, 1]) order.add(slot, 0.01 * slot);
    order.remove(2);
    order.add(2, 0.02);
    expect(drain(order)).toEqual([0, 1, 2]);
  });

  it('sets full buckets apart from those that have anything left', () => {
    const order = new EvictionOrder();
    order.add(0, 1);
    order.add(1, 0.9999);
    expect(drain(order)).toEqual([1, 0]);
  });

  it('takes a load outside of 0 to 1 for the nearest within', () => {
    const order = new EvictionOrder();
    [7, 1, -3, 0].forEach((load, slot) => {
      order.add(slot, load);
    });
    expect(drain(order)).toEqual([2, 3, 0, 1]);
  });

  it('is what sorting by load and last use gives, after any history', () => {
    const steps = fc.array(fc.record({ slot: fc.nat(40), load: fc.option(fc.nat(15), { nil: undefined }) }));
    fc.assert(
      fc.property(steps, fc.constantFrom(1, 1000), (history, spread) => {
        const order = new EvictionOrder();
        const loads = new Map<number, number>();
        for (const { slot: n, load } of history) {
          const slot = n * spread;
          if (loads.delete(slot)) order.remove(slot);
          if (load === undefined) continue;
          loads.set(slot, load);
          order.add(slot, load / 15);
        }
        const sorted = [...loads].toSorted(([, a], [, b]) => a - b).map(([slot]) => slot);
        expect(drain(order)).toEqual(sorted);
      }),
    );
  });
});
