import { isPromise, type MaybePromise } from '@whatwg-node/promise-helpers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createHolds, type Holds } from '../../../src/rate-limit/holds/index.ts';
import type { Bucket, BucketStore, Decision, OperationCharges } from '../../../src/rate-limit/store.ts';
import { createMemoryStore } from '../../../src/rate-limit/stores/memory/index.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { type Asked, bucket, operation, take } from '../stores/operations.ts';
import { heldBucket, turns } from './attempts.ts';

const held = heldBucket('login|L900|ip:192.0.2.1', 2);
const whole = bucket({ key: 'whole', limit: 5 });

describe('holds', () => {
  let clock: FakeClock;
  let store: BucketStore;
  let holds: Holds;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    clock = new FakeClock();
    store = createMemoryStore({ clock });
    holds = createHolds(store);
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  const charge = (selections: readonly Asked[], meta?: Bucket): MaybePromise<Decision> =>
    holds.charge(operation(selections, meta));
  const settle = (isCounted: boolean, cost = 1): void => {
    holds.settle([{ bucket: held, cost, isCounted }], clock.now(), store);
  };
  const left = async (...of: Bucket[]): Promise<number[]> =>
    (await store.levels(of)).map(({ remaining }) => remaining);
  const isAllowed = ({ denied }: Decision): boolean => denied[0] === undefined;
  /** A decision that nobody has to wait for. */
  const at = (decision: MaybePromise<Decision>): Decision => {
    if (isPromise(decision)) throw new Error('There is something to wait for.');
    return decision;
  };
  const waits = async (decision: MaybePromise<Decision>): Promise<boolean> =>
    (await Promise.race([decision, turns(1)])) === undefined;

  it('hand on as it is what counts whatever becomes of it', () => {
    const asked: OperationCharges[] = [];
    const spied = createHolds({ ...store, charge: (all) => (asked.push(all), store.charge(all)) });
    const charges = operation([[whole]]);
    expect(isPromise(spied.charge(charges))).toBe(false);
    expect(asked[0]).toBe(charges);
  });

  it('make nobody wait while there is room, and tell nothing of their own buckets', () => {
    const { levels, reported, denied } = at(charge([[held]]));
    expect({ levels: levels.length, reported, denied }).toEqual({
      levels: 1,
      reported: [],
      denied: [undefined],
    });
  });

  it('deny at once, and for long, where all that is taken has failed', () => {
    at(charge([[take(held, 2)]]));
    settle(true, 2);
    expect(at(charge([[held]])).denied[0]?.retryAfter).toBe(900_000);
  });

  it('have those who come later wait, in the order of their coming', async () => {
    at(charge([[take(held, 2)]]));
    const order: number[] = [];
    const later = [1, 2, 3].map(async (number) => {
      const decision = await charge([[held]]);
      order.push(number);
      return decision;
    });
    settle(false, 2);
    await vi.waitFor(() => {
      expect(order).toEqual([1, 2]);
    });
    settle(true);
    settle(false);
    expect((await Promise.all(later)).map(isAllowed)).toEqual([true, true, true]);
    expect(order).toEqual([1, 2, 3]);
  });

  it('take nothing for an operation that waits, in no bucket, and count no denial of it', async () => {
    const denials = bucket({ key: 'denials', limit: 3 });
    at(charge([[take(held, 2)]]));
    const waiting = charge([[whole], [held], [held]], denials);
    expect(await waits(waiting)).toBe(true);
    expect(await left(held, whole, denials)).toEqual([0, 5, 3]);
    settle(false);
    settle(false);
    expect((await waiting).denied).toEqual([undefined, undefined, undefined]);
    expect(await left(held, whole, denials)).toEqual([0, 4, 3]);
  });

  it('have nobody wait for themselves', () => {
    const { denied } = at(charge([[held], [held], [held]]));
    expect(denied.map((why) => why?.retryAfter)).toEqual([undefined, undefined, 900_000]);
  });

  it('have nobody wait who is denied by something else in any case', () => {
    at(charge([[take(held, 2), take(whole, 5)]]));
    expect(at(charge([[held, whole]])).denied[0]?.bucket).toBe(0);
    expect(at(charge([[held, take(whole, 9)]])).denied[0]?.retryAfter).toBe(Infinity);
  });

  it('tell after five seconds whoever has waited to come again when what is under way must have ended', async () => {
    at(charge([[take(held, 2)]]));
    const waiting = charge([[held]]);
    await vi.advanceTimersByTimeAsync(4900);
    expect(await waits(waiting)).toBe(true);
    clock.advance(4);
    await vi.advanceTimersByTimeAsync(200);
    expect((await waiting).denied[0]?.retryAfter).toBe(6000);
  });

  it('take what has not ended after ten seconds for failed', () => {
    at(charge([[take(held, 2)]]));
    clock.advance(10);
    expect(at(charge([[held]])).denied[0]?.retryAfter).toBe(890_000);
  });

  it('have a hundred wait for one bucket, and the others come again', async () => {
    at(charge([[take(held, 2)]]));
    const waiting = Array.from({ length: 100 }, async () => charge([[held]]));
    expect(at(charge([[held]])).denied[0]?.retryAfter).toBe(10_000);
    settle(true, 2);
    const decisions = await Promise.all(waiting);
    expect(decisions.map(({ denied }) => denied[0]?.retryAfter)).toEqual(Array(100).fill(900_000));
  });

  it('have five hundred wait for all buckets together', () => {
    const buckets = Array.from({ length: 7 }, (_, index) => heldBucket(`login|L900|ip:${index}`, 1));
    const asked = buckets.flatMap((one) => {
      at(charge([[one]]));
      return Array.from({ length: 100 }, () => charge([[one]]));
    });
    expect(asked.filter(isPromise)).toHaveLength(500);
  });
});
