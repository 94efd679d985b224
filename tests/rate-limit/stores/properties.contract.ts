import type { MaybePromise } from '@whatwg-node/promise-helpers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StrategyName } from '../../../src/rate-limit/policy.ts';
import type { Bucket, BucketStore } from '../../../src/rate-limit/store.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { type Ask, bucket, operation, report, take } from './operations.ts';

/** What every store promises of any sequence of operations, with buckets of these strategies. */
export function describeProperties(
  create: (clock: FakeClock) => MaybePromise<BucketStore>,
  strategies: readonly StrategyName[],
): void {
  const buckets = strategies.flatMap((strategy) =>
    [2, 5].map((limit) => bucket({ key: `${strategy} ${limit}`, limit, duration: limit, strategy })),
  );
  const denials = bucket({ key: 'denials', limit: 3, duration: 7 });
  const { selections, histories } = arbitraries(buckets);

  async function emptyStore() {
    const clock = new FakeClock();
    const store = await create(clock);
    const remaining = async (): Promise<number[]> =>
      (await store.levels(buckets)).map((level) => level.remaining);
    return { clock, store, remaining };
  }

  const costIn = (of: Bucket, asks: readonly Ask[]): number => asks.find((ask) => ask.of === of)?.cost ?? 0;

  describe('after any history', () => {
    it('an allowed selection takes what it costs, and a denied one nothing', async () => {
      await fc.assert(
        fc.asyncProperty(histories, async (history) => {
          const { clock, store, remaining } = await emptyStore();
          for (const { wait, operation: asked } of history) {
            clock.advance(wait);
            for (const asks of asked) {
              const before = await remaining();
              const decision = await store.charge(operation([asks]));
              const isAllowed = buckets.every((of, n) => {
                const isEnforced = asks.some((ask) => ask.of === of && ask.enforced);
                return !isEnforced || costIn(of, asks) <= (before[n] ?? 0);
              });
              expect(decision.denied[0] === undefined).toBe(isAllowed);
              expect(await remaining()).toEqual(
                buckets.map((of, n) => {
                  const had = before[n] ?? 0;
                  return isAllowed && costIn(of, asks) <= had ? had - costIn(of, asks) : had;
                }),
              );
            }
          }
        }),
        { numRuns: 30 },
      );
    });

    it('one call with all selections decides as one call for each does', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(selections), async (asked) => {
          const [together, apart] = [await emptyStore(), await emptyStore()];
          const decision = await together.store.charge(operation(asked));
          for (const [index, asks] of asked.entries()) {
            const { denied, reported } = await apart.store.charge(operation([asks]));
            expect(decision.denied[index] === undefined).toBe(denied[0] === undefined);
            expect(decision.reported.filter(({ selection }) => selection === index)).toHaveLength(
              reported.length,
            );
          }
          expect(await together.remaining()).toEqual(await apart.remaining());
        }),
        { numRuns: 30 },
      );
    });

    it('waiting as long as a denial says suffices', async () => {
      await fc.assert(
        fc.asyncProperty(
          histories,
          fc.array(selections, { minLength: 1 }),
          fc.nat(),
          async (history, last, n) => {
            const { clock, store } = await emptyStore();
            for (const { wait, operation: asked } of history) {
              clock.advance(wait);
              await store.charge(operation(asked, denials));
            }
            const { rejected, denied } = await store.charge(operation(last, denials));
            const index = n % last.length;
            const retryAfter = denied[index]?.retryAfter ?? Infinity;
            if (retryAfter === Infinity) return;
            clock.advance(retryAfter / 1000);
            const again = await store.charge(operation([last[index] ?? []], denials));
            if (rejected === undefined) expect(again.denied).toEqual([undefined]);
            else expect(again.rejected).toBeUndefined();
          },
        ),
        { numRuns: 30 },
      );
    });
  });
}

function arbitraries(buckets: readonly Bucket[]) {
  const asksOf = (of: Bucket) =>
    fc
      .tuple(fc.integer({ min: 1, max: 6 }), fc.nat(3))
      .map(([cost, n]) => (n === 0 ? report : take)(of, cost));
  const selections = fc
    .subarray([...buckets], { maxLength: Math.min(3, buckets.length) })
    .chain((some) => fc.tuple(...some.map(asksOf)));
  const histories = fc.array(
    fc.record({ wait: fc.nat(3), operation: fc.array(selections, { maxLength: 4 }) }),
    {
      maxLength: 8,
    },
  );
  return { selections, histories };
}
