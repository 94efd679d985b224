import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type {
  Bucket,
  BucketStore,
  Decision,
  OperationCharges,
  Taken,
} from '../../../src/rate-limit/store.ts';
import { createMemoryStore } from '../../../src/rate-limit/stores/memory/index.ts';
import { createSplitStore } from '../../../src/rate-limit/stores/redis/split/index.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { bucket } from './operations.ts';
import { shardedMemory } from './sharded-memory.ts';

const strategies = ['FIXED_WINDOW', 'SLIDING_WINDOW', 'SLIDING_LOG', 'TOKEN_BUCKET'] as const;
const buckets = strategies.flatMap((strategy, shard) =>
  [3, 6].map((limit) =>
    bucket({ key: `${(shard + limit) % 4} ${strategy}`, limit, duration: limit, strategy }),
  ),
);

/** Those that count denials, from which no selection takes: in one shard with others, and in one of its own. */
const metas = [
  bucket({ key: '1 denials', limit: 4, duration: 5 }),
  bucket({ key: '9 denials', limit: 4, duration: 5, strategy: 'SLIDING_LOG' }),
];

const charges = fc.subarray([...buckets.keys()], { maxLength: 4 }).chain((indices) =>
  fc.tuple(
    ...indices.map((index) =>
      fc.record({
        bucket: fc.constant(index),
        cost: fc.oneof(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 7 })),
        enforced: fc.nat(3).map((n) => n > 0),
      }),
    ),
  ),
);

const picks = fc.record({
  n: fc.nat(),
  under: fc.option(fc.nat(), { nil: undefined }),
  isUncertain: fc.boolean(),
  isDenied: fc.nat(7).map((m) => m === 0),
});

const operations: fc.Arbitrary<OperationCharges> = fc
  .record({
    some: fc.array(charges, { minLength: 1, maxLength: 5 }),
    picks: fc.array(picks, { maxLength: 10 }),
    meta: fc.option(fc.nat(1), { nil: undefined }),
  })
  .map(({ some, picks: picked, meta }) => ({
    buckets: [...buckets, ...metas.filter((_, index) => index === meta)],
    meta: meta === undefined ? undefined : buckets.length,
    selections: picked.map(({ n, under, ...rest }, index) => ({
      charges: some[n % some.length] ?? [],
      under: under === undefined || index === 0 ? undefined : under % index,
      ...rest,
    })),
  }));

/** What the first allowed selection of an operation took. */
function takenBy({ selections }: OperationCharges, { denied, reported }: Decision): Taken[] {
  const first = denied.indexOf(undefined);
  return (selections[first]?.charges ?? []).flatMap(({ bucket: index, cost }) => {
    const of: Bucket | undefined = buckets[index];
    const isOver = reported.some((each) => each.selection === first && each.bucket === index);
    return of === undefined || isOver ? [] : [{ bucket: of, cost }];
  });
}

async function play(store: BucketStore, charged: OperationCharges, isGivenBack: boolean) {
  const decision = await store.charge(charged);
  if (isGivenBack && decision.rejected === undefined) {
    await store.giveBack(takenBy(charged, decision), decision.takenAt);
  }
  return { decision, levels: await store.levels([...buckets, ...metas]) };
}

describe('the split store, beside one store that has all buckets', () => {
  it('says the same, after any history', async () => {
    const steps = fc.record({ wait: fc.nat(3000), charged: operations, isGivenBack: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { maxLength: 8 }), async (history) => {
        const clock = new FakeClock();
        const one = createMemoryStore({ clock });
        const shardOf = (key: string) => key.slice(0, 1);
        const split = createSplitStore({ shardOf, store: shardedMemory(shardOf, () => clock).store });
        for (const { wait, charged, isGivenBack } of history) {
          clock.advance(wait / 1000);
          const expected = await play(one, charged, isGivenBack);
          expect(await play(split, charged, isGivenBack)).toEqual(expected);
        }
      }),
      { numRuns: 100 },
    );
  });
});
