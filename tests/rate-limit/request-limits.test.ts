import { describe, expect, it } from 'vitest';
import type { Admission, BucketStore } from '../../src/rate-limit/index.ts';
import { declare, type Parts } from '../support/declared.ts';
import { distantStore, spiedStore } from './peers/spied-store.ts';

const somebody = { ip: '192.0.2.1', tiers: [] };
const other = { ip: '192.0.2.2', tiers: [] };
const two = { limit: 2, duration: 60 };

function open(parts: Parts = {}) {
  const spied = spiedStore();
  const { clock, store } = spied;
  const { limiter } = declare('type Query { a: Int }', {}, { store, clock, invalidLimits: [two], ...parts });
  return { ...spied, requests: limiter.requests };
}

function told(admission: Admission | undefined) {
  return admission && { isRejected: admission.rejection !== undefined, retryAfter: admission.retryAfter };
}

describe('an address that has used up its limit on invalid requests', () => {
  it('is known with its last one, and no store is asked of it again', async () => {
    const { requests, calls } = open();
    expect(requests.refusesSome).toBe(false);
    await requests.admitInvalid(somebody);
    expect(requests.refusalOf(somebody)).toBeUndefined();
    await requests.admitInvalid(somebody);
    expect(told(requests.refusalOf(somebody))).toEqual({ isRejected: true, retryAfter: 60 });
    for (let n = 0; n < 10; n += 1) {
      expect(told(await requests.admitInvalid(somebody))).toEqual({ isRejected: true, retryAfter: 60 });
    }
    expect(calls).toHaveLength(2);
    expect([requests.refusesSome, requests.refusesAllFrom(somebody.ip)]).toEqual([true, true]);
    expect(requests.refusesAllFrom(other.ip)).toBe(false);
    expect(requests.refusalOf(other)).toBeUndefined();
  });

  it('is known until the moment it may send more, and then counted anew', async () => {
    const { requests, clock } = open();
    for (let n = 0; n < 2; n += 1) await requests.admitInvalid(somebody);
    clock.advance(59.999);
    expect(told(requests.refusalOf(somebody))).toEqual({ isRejected: true, retryAfter: 1 });
    clock.advance(0.001);
    expect(requests.refusalOf(somebody)).toBeUndefined();
    expect(requests.refusesSome).toBe(false);
    expect(told(await requests.admitInvalid(somebody))).toEqual({ isRejected: false, retryAfter: undefined });
  });

  it('waits for the longest of several windows', async () => {
    const hour = { limit: 3, duration: 3600 };
    const { requests, clock } = open({ invalidLimits: [two, hour] });
    for (let n = 0; n < 2; n += 1) await requests.admitInvalid(somebody);
    expect(requests.refusalOf(somebody)?.retryAfter).toBe(60);
    clock.advance(60);
    await requests.admitInvalid(somebody);
    clock.advance(120);
    const refusal = requests.refusalOf(somebody);
    expect(refusal?.retryAfter).toBe(3420);
    expect(refusal?.states.map(({ remaining }) => remaining)).toEqual([2, 0]);
  });

  it('is not kept out for longer than a window by a clock that jumps back', async () => {
    const { requests, clock } = open();
    for (let n = 0; n < 2; n += 1) await requests.admitInvalid(somebody);
    clock.advance(-100_000);
    expect(requests.refusalOf(somebody)).toBeUndefined();
  });

  it('is known also where the store has to be waited for', async () => {
    const { requests } = open(distantStore());
    for (let n = 0; n < 2; n += 1) await requests.admitInvalid(somebody);
    expect(told(requests.refusalOf(somebody))).toEqual({ isRejected: true, retryAfter: 60 });
  });

  it('is learned of by another process with the first that it counts', async () => {
    const { store, clock } = spiedStore();
    const [one, another] = [open({ store, clock }), open({ store, clock })];
    for (let n = 0; n < 2; n += 1) await one.requests.admitInvalid(somebody);
    expect(another.requests.refusalOf(somebody)).toBeUndefined();
    expect(told(await another.requests.admitInvalid(somebody))).toEqual({ isRejected: true, retryAfter: 60 });
    expect(told(another.requests.refusalOf(somebody))).toEqual({ isRejected: true, retryAfter: 60 });
  });

  it('is not remembered where no store could be asked', async () => {
    const { store, clock } = spiedStore();
    const unfounded: BucketStore = {
      ...store,
      async charge(charges) {
        const decision = await store.charge(charges);
        return { ...decision, denied: [{ bucket: 0, cost: 1, retryAfter: 1000 }], isUnfounded: true };
      },
    };
    const { requests } = open({ store: unfounded, clock });
    await requests.admitInvalid(somebody);
    expect(requests.refusesSome).toBe(false);
  });

  it.each(['report', 'off'] as const)('is refused nothing where limits are in the mode %s', async (mode) => {
    const { requests } = open({ mode });
    for (let n = 0; n < 5; n += 1) await requests.admitInvalid(somebody);
    expect(requests.refusesSome).toBe(false);
  });

  it('is one of ten thousand at most that are remembered', async () => {
    const { requests } = open({ invalidLimits: [{ limit: 1, duration: 60 }] });
    for (let n = 0; n <= 10_000; n += 1) await requests.admitInvalid({ ip: `10.0.${n}`, tiers: [] });
    expect(requests.refusesAllFrom('10.0.0')).toBe(false);
    expect(requests.refusesAllFrom('10.0.1')).toBe(true);
  });
});
