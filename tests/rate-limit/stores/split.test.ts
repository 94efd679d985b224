import { isPromise } from '@whatwg-node/promise-helpers';
import { describe, expect, it } from 'vitest';
import type { BucketStore, OperationCharges } from '../../../src/rate-limit/store.ts';
import { createSplitStore } from '../../../src/rate-limit/stores/redis/split/index.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { describeStore } from '../store.contract.ts';
import { bucket, operation, report, take } from './operations.ts';
import { shardedMemory } from './sharded-memory.ts';

/** Keys of tests begin with the name of their shard. */
const shardOf = (key: string): string => key.slice(0, 1);

const [a, a2, b, c] = ['a', 'a2', 'b', 'c'].map((key) => bucket({ key, limit: 3 })) as [
  ReturnType<typeof bucket>,
  ReturnType<typeof bucket>,
  ReturnType<typeof bucket>,
  ReturnType<typeof bucket>,
];

function createTest() {
  const clock = new FakeClock();
  const memory = shardedMemory(shardOf, () => clock);
  const store = createSplitStore({ shardOf, store: memory.store });
  const left = async (): Promise<number[]> =>
    (await store.levels([a, a2, b, c])).map(({ remaining }) => remaining);
  return { clock, memory, store, left };
}

describe('the split store, with a shard for each bucket', () => {
  describeStore((clock) => {
    const shard = (key: string): string => key;
    return createSplitStore({ shardOf: shard, store: shardedMemory(shard, () => clock).store });
  });
});

describe('the split store', () => {
  it('hands on what is in one shard as it is, and makes nobody wait for it', () => {
    const { memory, store } = createTest();
    const charges = operation([[a, a2]]);
    expect(isPromise(store.charge(charges))).toBe(false);
    expect(memory.calls[0]).toBe(charges);
    expect(isPromise(store.levels([a, a2]))).toBe(false);
  });

  it('asks each shard once where they agree, and again only where they do not', async () => {
    const { memory, store } = createTest();
    await store.charge(operation([[a, b], [c]]));
    expect(memory.calls).toHaveLength(3);
    await store.charge(operation([[a, take(b, 3)]]));
    expect(memory.calls).toHaveLength(3 + 2 + 2);
  });

  it('takes no more rounds for a hundred selections that shards disagree about than for one', async () => {
    const { memory, store, left } = createTest();
    await store.charge(operation([[take(a, 3)]]));
    const many = Array.from({ length: 100 }, (_, n) => [a, bucket({ key: `b${n}` })]);
    const { denied } = await store.charge(operation(many));
    expect(denied.every((denial) => denial?.bucket === 0)).toBe(true);
    expect(memory.calls).toHaveLength(1 + 2 + 2);
    expect(await left()).toEqual([0, 3, 3, 3]);
  });

  it('judges later selections as if what was given back had never been taken', async () => {
    const { store, left } = createTest();
    await store.charge(operation([[take(a, 2)]]));
    const { denied, reported } = await store.charge(
      operation([[take(a, 2), take(b, 3)], [a, take(b, 2)], [report(b, 2), c], { asks: [b], under: 0 }]),
    );
    expect(denied).toEqual([
      { bucket: 0, cost: 2, retryAfter: 60_000 },
      undefined,
      undefined,
      { bucket: 0, cost: 2, retryAfter: 60_000 },
    ]);
    expect(reported).toEqual([{ selection: 2, bucket: 1 }]);
    expect(await left()).toEqual([0, 3, 1, 2]);
  });

  it('gives back what the others took when a shard fails, and fails', async () => {
    const { memory, left } = createTest();
    const broken: BucketStore = {
      ...memory.store,
      charge(charges) {
        if (charges.buckets.some(({ key }) => key === 'c')) throw new Error('The shard is away.');
        return memory.store.charge(charges);
      },
    };
    const store = createSplitStore({ shardOf, store: broken });
    await expect(async () => store.charge(operation([[a, b], [c]]))).rejects.toThrow('The shard is away.');
    expect(await left()).toEqual([3, 3, 3, 3]);
  });

  it('fails for the shard that failed where nothing can be given back either', async () => {
    const { memory } = createTest();
    const store = createSplitStore({
      shardOf,
      store: {
        ...memory.store,
        charge(charges) {
          if (charges.buckets.some(({ key }) => key === 'b')) throw new Error('The shard is away.');
          return memory.store.charge(charges);
        },
        giveBack() {
          throw new Error('So is this one.');
        },
      },
    });
    await expect(async () => store.charge(operation([[a, b]]))).rejects.toThrow('The shard is away.');
  });

  it.each(['FIXED_WINDOW', 'SLIDING_WINDOW', 'SLIDING_LOG', 'TOKEN_BUCKET'] as const)(
    'gives back by the clock of each shard, however much they differ, by %s',
    async (strategy) => {
      const clocks = { a: new FakeClock(), b: new FakeClock() };
      clocks.b.advance(3.217);
      const memory = shardedMemory(shardOf, (shard) => (shard === 'a' ? clocks.a : clocks.b));
      const store = createSplitStore({ shardOf, store: memory.store });
      const charges = operation([['a', 'b'].map((key) => bucket({ key, strategy }))]);
      const { takenAt } = await store.charge(charges);
      expect(takenAt).toBe(clocks.a.now());
      await store.giveBack(
        charges.buckets.map((of) => ({ bucket: of, cost: 1 })),
        takenAt,
      );
      expect((await store.levels(charges.buckets)).map(({ remaining }) => remaining)).toEqual([2, 2]);
    },
  );

  it('never lets the bucket that counts denials give more than it has, and waits for it', async () => {
    const { store, left } = createTest();
    const tooMuch = [take(a, 4)];
    const { rejected, denied } = await store.charge(
      operation([tooMuch, tooMuch, tooMuch, tooMuch, [b, take(c, 4)]], bucket({ key: 'c', limit: 3 })),
    );
    expect(rejected).toBeUndefined();
    expect(denied.map((denial) => denial?.retryAfter)).toEqual(Array(5).fill(Infinity));
    expect(await left()).toEqual([3, 3, 3, 0]);
    const after = await store.charge(operation([[a], [b]], c));
    expect(after.rejected).toEqual({ bucket: 2, cost: 1, retryAfter: 60_000 });
    expect(await left()).toEqual([3, 3, 3, 0]);
  });
});

describe('operations over several shards at the same time', () => {
  it('denies what somebody else takes between two rounds, and takes nothing for it', async () => {
    const { memory, left } = createTest();
    let isFirst = true;
    const store = createSplitStore({
      shardOf,
      store: {
        ...memory.store,
        async giveBack(taken, takenAt) {
          await memory.store.giveBack(taken, takenAt);
          // Another process, once the first round has given everything back.
          if (isFirst && taken[0]?.bucket.key === 'c') await memory.store.charge(operation([[take(c, 3)]]));
          if (taken[0]?.bucket.key === 'c') isFirst = false;
        },
      },
    });
    const { denied } = await store.charge(
      operation([
        [a, take(b, 4)],
        [a, c],
      ]),
    );
    expect(denied.map((denial) => denial?.bucket)).toEqual([1, 2]);
    expect(await left()).toEqual([3, 3, 3, 0]);
  });

  it('never let more through than a limit allows, and leave no unit taken that nobody has', async () => {
    const { store, left } = createTest();
    const pairs = [
      [a, b],
      [b, c],
      [c, a],
      [a2, c, b],
    ];
    const operations = Array.from({ length: 60 }, (_, n): OperationCharges => {
      return operation([pairs[n % 4] ?? [], pairs[(n + 1) % 4] ?? []]);
    });
    const decisions = await Promise.all(operations.map(async (each) => store.charge(each)));
    const taken = new Map<string, number>();
    for (const [n, { buckets, selections }] of operations.entries()) {
      for (const [index, { charges }] of selections.entries()) {
        if (decisions[n]?.denied[index] !== undefined) continue;
        for (const charge of charges) {
          const key = buckets[charge.bucket]?.key ?? '';
          taken.set(key, (taken.get(key) ?? 0) + charge.cost);
        }
      }
    }
    expect(await left()).toEqual(['a', 'a2', 'b', 'c'].map((key) => 3 - (taken.get(key) ?? 0)));
  });
});
