import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Slots } from '../../../src/rate-limit/stores/memory/slots.ts';
import type { State } from '../../../src/rate-limit/strategies/index.ts';

const log = [5, 6, 7, 8, 9];

describe('the slots', () => {
  it('keep states of any length', () => {
    const slots = new Slots();
    for (const length of [0, 1, 2, 3, 4, 5, 3]) {
      const state = Array.from({ length }, (_, n) => Date.UTC(2026, 0, 1) + n / 3);
      const slot = slots.find('key') ?? slots.add('key');
      slots.write(slot, state, 10);
      expect(slots.read(slot)).toEqual(state);
    }
  });

  it('begin without a state, also where another bucket had one', () => {
    const slots = new Slots();
    const slot = slots.add('one');
    slots.write(slot, log, 10);
    slots.remove(slot);
    expect(slots.add('another')).toBe(slot);
    expect(slots.read(slot)).toEqual([]);
    expect(slots.find('one')).toBeUndefined();
  });

  it('expire when they are written to, and not while they are free', () => {
    const slots = new Slots();
    const slot = slots.add('key');
    expect(slots.hasExpired(slot, 1e15)).toBe(false);
    slots.write(slot, [1], 10);
    expect([9, 10].map((now) => slots.hasExpired(slot, now))).toEqual([false, true]);
    slots.remove(slot);
    expect(slots.hasExpired(slot, 10)).toBe(false);
  });

  it('let go of the log of a bucket that has none any more', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const slots = new Slots();
    const kept = new WeakRef(writeLog(slots, 'kept'));
    const shrunk = new WeakRef(writeLog(slots, 'shrunk'));
    const removed = new WeakRef(writeLog(slots, 'removed'));
    slots.write(slots.find('shrunk') ?? NaN, [1], 10);
    slots.remove(slots.find('removed') ?? NaN);
    // A WeakRef holds what it refers to until the code that made it has returned to the event loop.
    await new Promise(setImmediate);
    collect();
    expect([kept, shrunk, removed].map((log) => log.deref() !== undefined)).toEqual([true, false, false]);
    expect(slots.read(slots.find('kept') ?? NaN)).toHaveLength(1000);
  });

  it('are a map of keys to states, after any history', () => {
    const states = fc.array(fc.double({ noNaN: true }), { maxLength: 5 });
    const steps = fc.array(
      fc.record({ key: fc.nat(30).map(String), state: fc.option(states, { nil: undefined }) }),
    );
    fc.assert(
      fc.property(steps, (history) => {
        const slots = new Slots();
        const model = new Map<string, State>();
        for (const { key, state } of history) {
          const known = slots.find(key);
          expect(known !== undefined).toBe(model.has(key));
          if (state !== undefined) {
            slots.write(known ?? slots.add(key), state, 10);
            model.set(key, state);
          } else if (known !== undefined) {
            slots.remove(known);
            model.delete(key);
          }
          expect(slots.size).toBe(model.size);
        }
        for (const [key, state] of model) expect(slots.read(slots.find(key) ?? NaN)).toEqual(state);
      }),
    );
  });

  it('use the place of removed buckets again, and keep the others when they grow', () => {
    const slots = new Slots();
    for (let n = 0; n < 5000; n += 1) slots.write(slots.add(`a${n}`), [n], n);
    for (let n = 0; n < 5000; n += 2) slots.remove(slots.find(`a${n}`) ?? NaN);
    for (let n = 0; n < 2500; n += 1) slots.write(slots.add(`b${n}`), [n], n);
    expect([slots.size, slots.end]).toEqual([5000, 5000]);
    const odd = Array.from({ length: 2500 }, (_, n) => 2 * n + 1);
    expect(odd.map((n) => slots.read(slots.find(`a${n}`) ?? NaN))).toEqual(odd.map((n) => [n]));
  });
});

function writeLog(slots: Slots, key: string): State {
  const state = Array.from({ length: 1000 }, (_, n) => n);
  slots.write(slots.add(key), state, 10);
  return state;
}
