import type { MaybePromise } from '@whatwg-node/promise-helpers';
import { beforeEach, describe, expect, it } from 'vitest';
import type { StrategyName } from '../../src/rate-limit/policy.ts';
import type { Bucket, BucketStore, Decision } from '../../src/rate-limit/store.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { type Asked, bucket, operation, report, take } from './stores/operations.ts';
import { describeProperties } from './stores/properties.contract.ts';

const everyStrategy: readonly StrategyName[] = [
  'FIXED_WINDOW',
  'SLIDING_WINDOW',
  'SLIDING_LOG',
  'TOKEN_BUCKET',
];

/**
 * What every store promises. `create` makes an empty one that goes by the clock.
 * @param strategies those that the store supports, FIXED_WINDOW among them
 */
export function describeStore(
  create: (clock: FakeClock) => MaybePromise<BucketStore>,
  strategies: readonly StrategyName[] = everyStrategy,
): void {
  let clock: FakeClock;
  let store: BucketStore;

  beforeEach(async () => {
    clock = new FakeClock();
    store = await create(clock);
  });

  const judge = async (selections: readonly Asked[], meta?: Bucket): Promise<Decision> =>
    store.charge(operation(selections, meta));
  /** Whether each selection was let through. */
  const ask = async (...selections: readonly Asked[]): Promise<boolean[]> =>
    (await judge(selections)).denied.map((denied) => denied === undefined);
  const left = async (...buckets: readonly Bucket[]): Promise<number[]> =>
    (await store.levels(buckets)).map(({ remaining }) => remaining);

  const burst = bucket({ key: 'burst', limit: 2, duration: 10 });
  const daily = bucket({ key: 'daily', limit: 3, duration: 86_400 });
  const denials = bucket({ key: 'denials', limit: 3, duration: 60 });

  describe('judging selections', () => {
    it('judges them in order, each after those before it', async () => {
      expect(await ask([burst], [burst], [burst], [daily])).toEqual([true, true, false, true]);
      expect(await ask([burst], [daily])).toEqual([false, true]);
    });

    it('has an answer for each, also for one that costs nothing, and for none', async () => {
      expect(await ask([], [burst], [])).toEqual([true, true, true]);
      expect(await judge([])).toEqual({ takenAt: clock.now(), denied: [], reported: [], levels: [] });
    });

    it('takes from all buckets of a selection, or from none', async () => {
      const selections = [
        [burst, daily],
        [burst, daily],
        [burst, daily],
        [daily, burst],
      ];
      expect(await ask(...selections)).toEqual([true, true, false, false]);
      expect(await left(burst, daily)).toEqual([0, 1]);
    });

    it('lets a cheaper selection pass after one that was too much', async () => {
      expect(await ask([take(daily, 2)], [take(daily, 2)], [daily])).toEqual([true, false, true]);
    });

    it('keeps buckets apart', async () => {
      expect(await ask([burst], [burst], [{ ...burst, key: 'another' }])).toEqual([true, true, true]);
    });

    it('lets units come back with time', async () => {
      await ask([burst], [burst]);
      clock.advance(9);
      expect(await ask([burst])).toEqual([false]);
      clock.advance(1);
      expect(await ask([burst])).toEqual([true]);
    });

    it('goes by the limit that it is told, which differs between the tiers of callers', async () => {
      const raised = { ...burst, rule: { ...burst.rule, limit: 3 } };
      expect(await ask([burst], [burst])).toEqual([true, true]);
      expect(await ask([raised])).toEqual([true]);
      expect(await ask([burst])).toEqual([false]);
      expect(await left({ ...burst, rule: { ...burst.rule, limit: 100 } }, burst)).toEqual([97, 0]);
    });

    it('denies with a selection those under it, which take nothing', async () => {
      const decision = await judge([
        [take(burst, 3)],
        { asks: [daily], under: 0 },
        { asks: [burst], under: 1 },
        [daily],
        { asks: [daily], under: 3 },
      ]);
      const denied = { bucket: 0, cost: 3, retryAfter: Infinity };
      expect(decision.denied).toEqual([denied, denied, denied, undefined, undefined]);
      expect(await left(burst, daily)).toEqual([2, 1]);
    });

    it('has a selection under a denied one wait longer where a bucket of its own does', async () => {
      await judge([[take(burst, 2), take(daily, 3)]]);
      const { denied } = await judge([[burst], { asks: [daily], under: 0 }, { asks: [], under: 0 }]);
      expect(denied.map((denial) => [denial?.bucket, denial?.retryAfter])).toEqual([
        [0, 10_000],
        [1, 86_400_000],
        [0, 10_000],
      ]);
    });
  });

  describe('what a decision says', () => {
    it('when it was given, and how full each bucket is after all of the operation', async () => {
      const { takenAt, levels } = await judge([[burst, daily], [burst]], denials);
      expect(takenAt).toBe(clock.now());
      expect(levels).toEqual([
        { remaining: 0, resetAt: takenAt + 10_000 },
        { remaining: 2, resetAt: takenAt + 86_400_000 },
        { remaining: 3, resetAt: null },
      ]);
      expect(await store.levels([burst, daily, denials])).toEqual(levels);
    });

    it('the bucket that keeps a denied selection waiting longest', async () => {
      await ask([burst, take(daily, 3)], [burst]);
      clock.advance(4);
      const byDaily = await judge([[burst, daily]]);
      expect(byDaily.denied).toEqual([{ bucket: 1, cost: 1, retryAfter: 86_396_000 }]);
      clock.advance(86_396);
      await ask([burst], [burst]);
      const byBurst = await judge([[daily, burst]]);
      expect(byBurst.denied).toEqual([{ bucket: 1, cost: 1, retryAfter: 10_000 }]);
    });

    it('a wait that accounts for what later selections of the operation took', async () => {
      await ask([daily]);
      clock.advance(3600);
      const later = bucket({ key: 'later', limit: 2, duration: 90_000 });
      const { denied } = await judge([[take(daily, 3), take(later, 1)], [take(later, 2)]]);
      expect(denied).toEqual([{ bucket: 1, cost: 1, retryAfter: 90_000_000 }, undefined]);
    });

    it('that a selection above its limit will never fit, whatever else it waits for', async () => {
      await ask([burst, daily], [burst]);
      const { denied, levels } = await judge([[burst, take(daily, 4)]]);
      expect(denied).toEqual([{ bucket: 1, cost: 4, retryAfter: Infinity }]);
      expect(levels[1]?.remaining).toBe(2);
    });
  });

  describe('a charge that is not enforced', () => {
    it('never denies, and is counted', async () => {
      const selections = [[report(burst)], [report(burst)], [report(burst)], [report(burst, 9)]];
      expect(await ask(...selections)).toEqual([true, true, true, true]);
      expect(await left(burst)).toEqual([0]);
      expect(await ask([report(burst), take(daily, 3)], [report(burst), daily])).toEqual([true, false]);
    });

    it('is reported by its selection and bucket where it was not taken', async () => {
      const selections = [
        [daily, report(burst)],
        [report(burst, 2), daily],
        [report(burst)],
        [report(burst), daily],
      ];
      const { denied, reported } = await judge(selections);
      expect(denied).toEqual([undefined, undefined, undefined, undefined]);
      expect(reported).toEqual([
        { selection: 1, bucket: 1 },
        { selection: 3, bucket: 1 },
      ]);
      expect(await left(burst, daily)).toEqual([0, 0]);
    });

    it('is neither taken nor reported where the selection is denied', async () => {
      const selections = [
        [take(daily, 4), report(burst)],
        [take(daily, 4), report(burst, 3)],
        { asks: [report(burst, 3)], under: 0 },
      ];
      expect((await judge(selections)).reported).toEqual([]);
      expect(await left(burst)).toEqual([2]);
    });
  });

  describe('the bucket that counts denials', () => {
    const tooMuch = [take(burst, 3)];

    it('loses a unit for each denied selection that would have been asked for', async () => {
      const decision = await judge([tooMuch, { asks: [daily], under: 0 }, [daily], tooMuch], denials);
      expect(decision.rejected).toBeUndefined();
      expect(decision.levels.map(({ remaining }) => remaining)).toEqual([2, 2, 1]);
    });

    it('denies everything while it is full, and nothing is taken', async () => {
      await judge([tooMuch, tooMuch, tooMuch], denials);
      clock.advance(20);
      const { rejected, denied, reported, levels } = await judge(
        [[daily], [], [report(burst, 3)], { asks: [daily], under: 0 }],
        denials,
      );
      expect(rejected).toEqual({ bucket: 2, cost: 1, retryAfter: 40_000 });
      expect(denied).toEqual([rejected, rejected, rejected, rejected]);
      expect(reported).toEqual([]);
      expect(levels.map(({ remaining }) => remaining)).toEqual([3, 2, 0]);
      clock.advance(40);
      expect((await judge([[daily]], denials)).denied).toEqual([undefined]);
    });

    it('denies an operation without selections as well', async () => {
      await judge([tooMuch, tooMuch, tooMuch], denials);
      const { rejected } = await judge([], denials);
      expect(rejected).toEqual({ bucket: 0, cost: 1, retryAfter: 60_000 });
    });

    it('loses no more than it has, and then keeps what was denied waiting as well', async () => {
      await judge([tooMuch], denials);
      await ask([burst], [burst]);
      const { rejected, denied, levels } = await judge([[burst], [burst], [burst], [daily]], denials);
      const byDenials = { bucket: 2, cost: 1, retryAfter: 60_000 };
      expect(rejected).toBeUndefined();
      expect(denied).toEqual([byDenials, byDenials, byDenials, undefined]);
      expect(levels.map(({ remaining }) => remaining)).toEqual([0, 2, 0]);
    });
  });

  describe('giving back', () => {
    it('gives back what was taken, and no more', async () => {
      const takenAt = clock.now();
      const taken = [
        { bucket: burst, cost: 2 },
        { bucket: daily, cost: 1 },
      ];
      await ask([take(burst, 2), daily]);
      await store.giveBack(taken, takenAt);
      expect(await left(burst, daily)).toEqual([2, 3]);
      await store.giveBack(taken, takenAt);
      expect(await left(burst, daily)).toEqual([2, 3]);
    });

    it('gives back several takes of one bucket at once', async () => {
      await ask([daily], [take(daily, 2)]);
      const taken = [1, 1].map((cost) => ({ bucket: daily, cost }));
      await store.giveBack(taken, clock.now());
      expect(await left(daily)).toEqual([2]);
    });

    it('gives back nothing that has already come back with time', async () => {
      const takenAt = clock.now();
      await ask([burst]);
      clock.advance(10);
      await ask([burst]);
      await store.giveBack([{ bucket: burst, cost: 1 }], takenAt);
      expect(await left(burst)).toEqual([1]);
    });
  });

  it('reads levels without taking', async () => {
    expect(await store.levels([])).toEqual([]);
    expect(await store.levels([burst])).toEqual([{ remaining: 2, resetAt: null }]);
    await ask([burst]);
    const resetAt = clock.now() + 10_000;
    clock.advance(1);
    expect(await store.levels([daily, burst])).toEqual([
      { remaining: 3, resetAt: null },
      { remaining: 1, resetAt },
    ]);
    expect(await store.levels([burst])).toEqual([{ remaining: 1, resetAt }]);
    clock.advance(9);
    expect(await store.levels([burst])).toEqual([{ remaining: 2, resetAt: null }]);
  });

  describe.each(strategies)('by %s', (strategy) => {
    const five = bucket({ key: 'five', limit: 5, duration: 60, strategy });

    it('admits 5 of 100 operations that come at once to a limit of 5', async () => {
      const attempts = Array.from({ length: 100 }, async () => ask([five]));
      const admitted = (await Promise.all(attempts)).flat().filter((isAllowed) => isAllowed);
      expect(admitted).toHaveLength(5);
    });

    it.each([-1, -3600])(
      'stays full when the clock jumps by %d s, but for two windows at most',
      async (jump) => {
        await ask([take(five, 5)]);
        clock.advance(jump);
        const [denied] = (await judge([[five]])).denied;
        expect(denied?.retryAfter).toBeLessThanOrEqual(2 * five.rule.duration);
        clock.advance((denied?.retryAfter ?? 0) / 1000);
        expect(await ask([five])).toEqual([true]);
      },
    );
  });

  describeProperties(create, strategies);
}
