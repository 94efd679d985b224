import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Charge } from '../../src/rate-limit/charge.ts';
import type { BucketStore } from '../../src/rate-limit/store.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { charge } from '../support/policies.ts';

/** What every store promises. `create` makes an empty one. */
export function describeStore(create: (clock: FakeClock) => BucketStore): void {
  let clock: FakeClock;
  let store: BucketStore;

  beforeEach(() => {
    clock = new FakeClock();
    store = create(clock);
  });

  /** Whether each selection, of one charge or several, was let through. */
  const ask = (...selections: (Charge | readonly Charge[])[]): boolean[] =>
    store.charge(selections.map((charges) => [charges].flat())).map(({ allowed }) => allowed);
  const left = (of: Charge): number => store.level(of).remaining;

  const burst = charge({ name: 'burst', limit: 2, duration: 10 });
  const daily = charge({ name: 'daily', limit: 3, duration: 86_400, strategy: 'SLIDING_LOG' });

  it('judges selections in order, each after those before it', () => {
    expect(ask(burst, burst, burst, daily)).toEqual([true, true, false, true]);
    expect(ask(burst, daily)).toEqual([false, true]);
  });

  it('has a verdict for each selection, also for one that costs nothing and for none', () => {
    expect(ask([], burst, [])).toEqual([true, true, true]);
    expect(ask()).toEqual([]);
  });

  it('takes from all buckets of a selection, or from none', () => {
    expect(ask([burst, daily], [burst, daily], [burst, daily], [daily, burst])).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect([left(burst), left(daily)]).toEqual([0, 1]);
  });

  it('lets a cheaper selection pass after one that was too much', () => {
    expect(ask({ ...daily, cost: 2 }, { ...daily, cost: 2 }, daily)).toEqual([true, false, true]);
  });

  it('keeps buckets apart', () => {
    expect(ask(burst, burst, { ...burst, bucket: 'burst|ip:2' })).toEqual([true, true, true]);
  });

  it('lets units come back with time', () => {
    ask(burst, burst);
    clock.advance(9);
    expect(ask(burst)).toEqual([false]);
    clock.advance(1);
    expect(ask(burst)).toEqual([true]);
  });

  it('says of an allowed selection what was taken and when', () => {
    const [verdict] = store.charge([[burst, daily]]);
    expect(verdict).toEqual({ allowed: true, takenAt: clock.now(), taken: [burst, daily], reported: [] });
  });

  it('names the bucket that keeps a denied selection waiting longest', () => {
    ask([burst, { ...daily, cost: 3 }], burst);
    clock.advance(4);
    const [byDaily] = store.charge([[burst, daily]]);
    const resetAt = clock.now() + 86_396_000;
    expect(byDaily).toEqual({
      allowed: false,
      denial: { charge: daily, remaining: 0, resetAt, retryAfter: 86_396_000 },
    });
    clock.advance(86_396);
    ask(burst, burst);
    const [byBurst] = store.charge([[daily, burst]]);
    expect(byBurst).toMatchObject({ allowed: false, denial: { charge: burst, retryAfter: 10_000 } });
  });

  it('says that a selection above its limit will never fit', () => {
    const [verdict] = store.charge([[burst, { ...daily, cost: 4 }]]);
    expect(verdict).toMatchObject({
      allowed: false,
      denial: {
        charge: { policy: daily.policy, cost: 4 },
        remaining: 3,
        resetAt: null,
        retryAfter: Infinity,
      },
    });
  });

  it('never denies by a policy that only reports, and counts it', () => {
    const reported = charge({ name: 'reported', limit: 2, mode: 'REPORT' });
    expect(ask(reported, reported, reported, { ...reported, cost: 9 })).toEqual([true, true, true, true]);
    expect(left(reported)).toBe(0);
    expect(ask([reported, burst], [reported, burst], [reported, burst])).toEqual([true, true, false]);
  });

  it('does not say that it took what a reporting bucket no longer had', () => {
    const reported = charge({ name: 'reported', limit: 1, mode: 'REPORT' });
    const [first, second] = store.charge([
      [reported, daily],
      [reported, daily],
    ]);
    expect(first).toMatchObject({ taken: [reported, daily] });
    expect(second).toMatchObject({ taken: [daily] });
  });

  it('gives back what was taken, and no more', () => {
    const takenAt = clock.now();
    ask([{ ...burst, cost: 2 }, daily]);
    store.giveBack([{ ...burst, cost: 2 }, daily], takenAt);
    expect([left(burst), left(daily)]).toEqual([2, 3]);
    store.giveBack([burst, daily], takenAt);
    expect([left(burst), left(daily)]).toEqual([2, 3]);
  });

  it('gives back nothing that has already come back with time', () => {
    const takenAt = clock.now();
    ask(burst);
    clock.advance(10);
    ask(burst);
    store.giveBack([burst], takenAt);
    expect(left(burst)).toBe(1);
  });

  it('reads a level without taking', () => {
    expect(store.level(burst)).toEqual({ remaining: 2, resetAt: null });
    ask(burst);
    const resetAt = clock.now() + 10_000;
    clock.advance(1);
    expect(store.level(burst)).toEqual({ remaining: 1, resetAt });
    expect(store.level(burst)).toEqual({ remaining: 1, resetAt });
    clock.advance(9);
    expect(store.level(burst)).toEqual({ remaining: 2, resetAt: null });
  });

  it('goes by the limit of the charge, which differs between the tiers of callers', () => {
    expect(ask(burst, burst, { ...burst, limit: 3 }, burst)).toEqual([true, true, true, false]);
    expect(left({ ...burst, limit: 100 })).toBe(97);
  });

  it.each([-1, -3600])('stays full for one more window when the clock jumps by %d s', (jump) => {
    for (const full of [burst, { ...daily, policy: { ...daily.policy, duration: 10 } }]) {
      ask({ ...full, cost: full.limit });
      clock.advance(jump);
      for (let second = 0; second < 10; second += 1) {
        expect(ask(full)).toEqual([false]);
        clock.advance(1);
      }
      expect(ask(full)).toEqual([true]);
    }
  });

  describe('by any strategy', () => {
    const buckets = (['FIXED_WINDOW', 'SLIDING_LOG'] as const).flatMap((strategy) =>
      [2, 5].map((limit) => charge({ name: `${strategy}-${limit}`, limit, duration: limit, strategy })),
    );
    const selections = fc
      .subarray(buckets)
      .chain((some) =>
        fc.tuple(...some.map((of) => fc.integer({ min: 1, max: 6 }).map((cost) => ({ ...of, cost })))),
      );

    it('an allowed selection takes its costs and a denied one nothing, in any sequence', () => {
      fc.assert(
        fc.property(
          fc.array(fc.record({ wait: fc.nat(3), selections: fc.array(selections) })),
          (operations) => {
            const time = new FakeClock();
            const fresh = create(time);
            for (const operation of operations) {
              time.advance(operation.wait);
              for (const charges of operation.selections) {
                const before = new Map(buckets.map((of) => [of.bucket, fresh.level(of).remaining]));
                const fits = charges.every(({ bucket, cost }) => cost <= (before.get(bucket) ?? 0));
                const [verdict] = fresh.charge([charges]);
                expect(verdict?.allowed).toBe(fits);
                for (const of of buckets) {
                  const cost = charges.find(({ bucket }) => bucket === of.bucket)?.cost ?? 0;
                  expect(fresh.level(of).remaining).toBe((before.get(of.bucket) ?? 0) - (fits ? cost : 0));
                }
              }
            }
          },
        ),
        { numRuns: 50 },
      );
    });

    it('one call with all selections decides as one call for each does', () => {
      fc.assert(
        fc.property(fc.array(selections), (operation) => {
          const together = create(new FakeClock());
          const apart = create(new FakeClock());
          expect(together.charge(operation)).toEqual(operation.flatMap((charges) => apart.charge([charges])));
        }),
        { numRuns: 50 },
      );
    });

    it('waiting as long as a denial says suffices', () => {
      fc.assert(
        fc.property(fc.array(selections), selections, (operation, last) => {
          const time = new FakeClock();
          const fresh = create(time);
          fresh.charge(operation);
          const [verdict] = fresh.charge([last]);
          if (verdict?.allowed !== false || verdict.denial.retryAfter === Infinity) return;
          time.advance(verdict.denial.retryAfter / 1000);
          expect(fresh.charge([last])[0]?.allowed).toBe(true);
        }),
        { numRuns: 50 },
      );
    });
  });
}
