import { isPromise } from '@whatwg-node/promise-helpers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BucketStore, Decision, OperationCharges } from '../../../src/rate-limit/store.ts';
import { createMemoryStore } from '../../../src/rate-limit/stores/memory/index.ts';
import { createKnownDenials } from '../../../src/rate-limit/stores/redis/known-denials.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { describeStore } from '../store.contract.ts';
import { bucket, operation, report, take } from './operations.ts';

/** A store that answers later, by a clock, and counts how often it is charged. */
function distant(clock: FakeClock) {
  const memory = createMemoryStore({ clock });
  let calls = 0;
  const store: BucketStore = {
    async charge(charges) {
      calls += 1;
      await Promise.resolve();
      return memory.charge(charges);
    },
    async giveBack(taken, takenAt) {
      await Promise.resolve();
      await memory.giveBack(taken, takenAt);
    },
    async levels(buckets) {
      await Promise.resolve();
      return memory.levels(buckets);
    },
  };
  return { memory, store, calls: () => calls };
}

function createTest() {
  const clock = new FakeClock();
  const { memory, store, calls } = distant(clock);
  const known = createKnownDenials({ store, now: () => clock.now() });
  /** How often the store was asked for a decision, and the decision. */
  const ask = async (charges: OperationCharges): Promise<[number, Decision]> => {
    const before = calls();
    const decision = await known.charge(charges);
    return [calls() - before, decision];
  };
  const asked = async (charges: OperationCharges): Promise<number> => (await ask(charges))[0];
  return { clock, memory, known, ask, asked };
}

const full = bucket({ key: 'full', limit: 2 });
const brief = bucket({ key: 'brief', limit: 2, duration: 0.1 });
const other = bucket({ key: 'other', limit: 9 });

/** Takes all of a bucket, and has the next denied. */
async function fill({ ask }: ReturnType<typeof createTest>, of = full): Promise<void> {
  await ask(operation([[take(of, 2)]]));
  await ask(operation([[of]]));
}

describe('the layer that knows denials', () => {
  it('tells callers apart whose ids hold what stands between keys', async () => {
    const test = createTest();
    const one = [bucket({ key: 'user:a\nQ|key:b', limit: 0 }), bucket({ key: 'Q|key:c', limit: 0 })];
    const two = [bucket({ key: 'user:a', limit: 0 }), bucket({ key: 'Q|key:b\nQ|key:c', limit: 0 })];
    expect(await test.asked(operation([one]))).toBe(1);
    expect(await test.asked(operation([two]))).toBe(1);
    expect(await test.asked(operation([two]))).toBe(0);
  });

  it('asks each time about an operation that is too large to be known', async () => {
    const test = createTest();
    await fill(test);
    const large = operation(Array.from({ length: 4000 }, () => [full]));
    expect(await test.asked(large)).toBe(1);
    expect(await test.asked(large)).toBe(1);
  });

  describeStore((clock) => {
    return createKnownDenials({ store: distant(clock).store, now: () => clock.now() });
  });

  it('does not ask the store for a denial again, nor make anybody wait for it', async () => {
    const test = createTest();
    const aliases = operation([[full], [full], { asks: [full], under: 0 }]);
    await fill(test);
    await test.ask(aliases);
    test.clock.advance(0.1);
    const decision = test.known.charge(aliases);
    expect(isPromise(decision)).toBe(false);
    const denied = { bucket: 0, cost: 1, retryAfter: 59_900 };
    expect(decision).toEqual({
      takenAt: test.clock.now(),
      denied: [denied, denied, denied],
      reported: [],
      levels: [{ remaining: 0, resetAt: test.clock.now() + 59_900 }],
    });
    expect(await test.asked(operation([[full]]))).toBe(0);
  });

  it('says what the store would say, of several buckets too', async () => {
    const test = createTest();
    const mixed = operation([[other, take(full, 1), report(full, 2)], { asks: [take(brief, 3)], under: 0 }]);
    await fill(test);
    await test.ask(mixed);
    test.clock.advance(0.05);
    const [asked, decision] = await test.ask(mixed);
    expect(asked).toBe(0);
    expect(decision).toEqual(await test.memory.charge(mixed));
  });

  it('denies until the last millisecond of the wait, in which the store may reckon otherwise', async () => {
    const test = createTest();
    await fill(test, brief);
    test.clock.advance(0.098);
    expect(await test.ask(operation([[brief]]))).toMatchObject([0, { denied: [{ retryAfter: 2 }] }]);
    test.clock.advance(0.001);
    expect(await test.ask(operation([[brief]]))).toMatchObject([1, { denied: [{ retryAfter: 1 }] }]);
    test.clock.advance(0.001);
    expect(await test.ask(operation([[brief]]))).toMatchObject([1, { denied: [undefined] }]);
  });

  it('denies from when the store was asked, and tells of a wait that suffices from when it answered', async () => {
    const clock = new FakeClock();
    const { store } = distant(clock);
    const slow: BucketStore = {
      ...store,
      async charge(charges) {
        const decision = await store.charge(charges);
        clock.advance(0.02);
        return decision;
      },
    };
    const known = createKnownDenials({ store: slow, now: () => clock.now() });
    await known.charge(operation([[take(brief, 2)]]));
    clock.advance(0.01);
    await known.charge(operation([[brief]]));
    // The store was asked 30 ms after the window began, and said 70; it had answered 20 ms later.
    expect(known.charge(operation([[brief]]))).toMatchObject({ denied: [{ retryAfter: 70 }] });
    clock.advance(0.048);
    expect(isPromise(known.charge(operation([[brief]])))).toBe(false);
    clock.advance(0.001);
    expect(isPromise(known.charge(operation([[brief]])))).toBe(true);
  });

  it.each([
    ['another limit', operation([[{ ...full, rule: { ...full.rule, limit: 3 } }]])],
    ['another cost', operation([[take(full, 2)]])],
    ['a bucket that it does not know', operation([[full, other]])],
    ['a selection that may be allowed', operation([[full], []])],
    ['a charge that is only reported', operation([[report(full)]])],
    ['a bucket that counts denials', operation([[full]], other)],
  ])('asks the store where there is %s', async (_, charges) => {
    const test = createTest();
    await fill(test);
    expect(await test.asked(charges)).toBe(1);
  });

  it('asks the store where something was taken from one of its buckets', async () => {
    const test = createTest();
    const both = operation([[full, other]]);
    await fill(test);
    await test.ask(both);
    expect(await test.asked(both)).toBe(0);
    await test.ask(operation([[take(other, 5)]]));
    expect(await test.asked(both)).toBe(1);
    expect(await test.ask(both)).toMatchObject([0, { levels: [{ remaining: 0 }, { remaining: 4 }] }]);
  });

  it('knows several operations of one bucket, each for half a second', async () => {
    const test = createTest();
    await fill(test);
    expect(await test.asked(operation([[take(full, 2)]]))).toBe(1);
    test.clock.advance(0.3);
    expect(await test.asked(operation([[take(full, 3)]]))).toBe(1);
    expect(await test.asked(operation([[take(full, 2)]]))).toBe(0);
    test.clock.advance(0.2);
    expect(await test.asked(operation([[take(full, 2)]]))).toBe(1);
    expect(await test.asked(operation([[take(full, 3)]]))).toBe(0);
  });

  it('knows soon what a crowd is denied that asks at the same time, while others are allowed', async () => {
    const test = createTest();
    await fill(test);
    test.known.forgetEverything();
    await Promise.all([
      ...Array.from({ length: 20 }, () => test.ask(operation([[full]]))),
      test.ask(operation([[other]])),
    ]);
    expect(await test.asked(operation([[full]]))).toBe(0);
  });

  it('knows that a cost above the limit never fits, for half a second', async () => {
    const test = createTest();
    const never = operation([[take(full, 3)]]);
    await test.ask(never);
    expect(await test.ask(never)).toMatchObject([0, { denied: [{ retryAfter: Infinity }] }]);
    test.clock.advance(0.5);
    expect(await test.asked(never)).toBe(1);
  });

  it('sees half a second after it has asked that a bucket was reset in the store', async () => {
    const test = createTest();
    await fill(test);
    await test.memory.giveBack([{ bucket: full, cost: 2 }], test.clock.now());
    test.clock.advance(0.499);
    expect(await test.asked(operation([[full]]))).toBe(0);
    test.clock.advance(0.001);
    expect(await test.ask(operation([[full]]))).toMatchObject([1, { denied: [undefined] }]);
  });

  it('sees at once what is given back through it', async () => {
    const test = createTest();
    await fill(test);
    await test.known.giveBack([{ bucket: full, cost: 1 }], test.clock.now());
    expect(await test.ask(operation([[full]]))).toMatchObject([1, { denied: [undefined] }]);
  });

  it('forgets a bucket that others were given back to, and all of them', async () => {
    const test = createTest();
    const another = bucket({ key: 'another' });
    const asked = () => Promise.all([full, another].map((of) => test.asked(operation([[of]]))));
    await fill(test);
    await fill(test, another);
    test.known.forget('full');
    expect(await asked()).toEqual([1, 0]);
    expect(await asked()).toEqual([0, 0]);
    test.known.forgetEverything();
    expect(await test.asked(operation([[full]]))).toBe(1);
    expect(await test.asked(operation([[another]]))).toBe(1);
  });

  it.each(['forget', 'forgetEverything', 'giveBack'] as const)(
    'does not learn of a bucket from what was asked before %s',
    async (way) => {
      const test = createTest();
      await fill(test);
      test.known.forgetEverything();
      const decision = test.known.charge(operation([[full]]));
      if (way === 'giveBack') await test.known.giveBack([], 0);
      if (way === 'giveBack') await test.known.giveBack([{ bucket: full, cost: 1 }], test.clock.now());
      else test.known[way]('full');
      await decision;
      expect(await test.asked(operation([[full]]))).toBe(1);
    },
  );

  it('does not learn from what was asked while units were on their way back', async () => {
    const clock = new FakeClock();
    const { memory, store } = distant(clock);
    const landed = Promise.withResolvers<undefined>();
    const known = createKnownDenials({
      store: {
        ...store,
        async giveBack(taken, takenAt) {
          await landed.promise;
          await memory.giveBack(taken, takenAt);
        },
      },
      now: () => clock.now(),
    });
    await known.charge(operation([[take(full, 2)]]));
    const givenBack = known.giveBack([{ bucket: full, cost: 1 }], clock.now());
    expect((await known.charge(operation([[full]]))).denied).not.toEqual([undefined]);
    landed.resolve(undefined);
    await givenBack;
    expect((await known.charge(operation([[full]]))).denied).toEqual([undefined]);
  });

  it.each([
    ['none could be asked', { isUnfounded: true }],
    ['another store took', { takenBy: createMemoryStore({ clock: new FakeClock() }) }],
  ])('learns nothing where %s', async (_, marks) => {
    const clock = new FakeClock();
    const { memory, store, calls } = distant(clock);
    const marked: BucketStore = {
      ...store,
      charge: async (it) => ({ ...(await store.charge(it)), ...marks }),
    };
    const known = createKnownDenials({ store: marked, now: () => clock.now() });
    await memory.charge(operation([[take(full, 2)]]));
    await known.charge(operation([[full]]));
    await known.charge(operation([[full]]));
    expect(calls()).toBe(2);
  });

  it('knows ten thousand operations, those asked for last', async () => {
    const test = createTest();
    const never = (n: number) => operation([[take(bucket({ key: `n${n}` }), 3)]]);
    await Promise.all(Array.from({ length: 10_001 }, (_, n) => test.ask(never(n))));
    expect(await test.asked(never(10_000))).toBe(0);
    expect(await test.asked(never(0))).toBe(1);
  });

  it('never denies what the store would let through at that moment, after any history', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (history) => {
        const test = createTest();
        for (const { wait, selections, isBack } of history) {
          test.clock.advance(wait / 1000);
          const charges = operation(selections);
          const left = new Map(
            (await test.memory.levels(some)).map(({ remaining }, n) => [some[n]?.key, remaining]),
          );
          const [asked, { denied, takenAt }] = await test.ask(charges);
          const isCertain = selections.every((asks) =>
            asks.some(({ of, cost }) => cost > (left.get(of.key) ?? 0)),
          );
          if (asked === 0) expect(isCertain).toBe(true);
          const first = selections[denied.indexOf(undefined)];
          if (isBack && first !== undefined) {
            await test.known.giveBack(
              first.map(({ of, cost }) => ({ bucket: of, cost })),
              takenAt,
            );
          }
        }
      }),
      { numRuns: 80 },
    );
  });
});

const some = (['FIXED_WINDOW', 'SLIDING_WINDOW', 'SLIDING_LOG', 'TOKEN_BUCKET'] as const).map((strategy) =>
  bucket({ key: strategy, strategy, limit: 3, duration: 1 }),
);

const histories = fc.array(
  fc.record({
    wait: fc.oneof(fc.nat(5), fc.nat(300)),
    isBack: fc.boolean(),
    selections: fc.array(
      fc
        .subarray(some, { minLength: 1, maxLength: 2 })
        .chain((of) =>
          fc.tuple(...of.map((each) => fc.integer({ min: 1, max: 3 }).map((cost) => take(each, cost)))),
        ),
      { minLength: 1, maxLength: 2 },
    ),
  }),
  { maxLength: 30, size: 'max' },
);
