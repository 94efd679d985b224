import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../../src/rate-limit/judge.ts';
import type { BucketDenial, Charge, Decision, OperationCharges } from '../../src/rate-limit/store.ts';
import type { State } from '../../src/rate-limit/strategies/index.ts';
import { strategyOf } from '../../src/rate-limit/strategies/index.ts';
import type { States } from '../../src/rate-limit/tally.ts';
import { bucket, operation, report, take } from './stores/operations.ts';

const strategies = ['FIXED_WINDOW', 'SLIDING_WINDOW', 'SLIDING_LOG', 'TOKEN_BUCKET'] as const;
const now = Date.UTC(2026, 0, 1);
const a = bucket({ key: 'a', limit: 3, duration: 10 });
const b = bucket({ key: 'b', limit: 3, duration: 20 });

/** The states after an operation on unused buckets. */
function after(charges: OperationCharges, at = now): States {
  return judge(
    charges,
    charges.buckets.map(() => undefined),
    at,
  ).states;
}

describe('judging an operation', () => {
  it('leaves the states that it is given as they are', () => {
    const given = Object.freeze([undefined, Object.freeze([...(after(operation([[a]]))[0] ?? [])])]);
    const { states } = judge(operation([[a, b], [b]]), given, now + 1);
    expect(given[0]).toBeUndefined();
    expect(states.every((state, index) => state !== given[index])).toBe(true);
  });

  it.each(strategies)('hands on the very states of buckets that have not changed, by %s', (strategy) => {
    const [full, other] = [
      { ...a, strategy },
      { ...b, strategy },
    ];
    const given = after(operation([[take(full, 3)], [other]]));
    const denied = judge(operation([[full, other], [take(other, 3)]]), given, now + 1).states;
    expect(denied[0]).toBe(given[0]);
    expect(denied[1]).toBe(given[1]);
    const allowed = judge(operation([[report(full), other]]), given, now + 1).states;
    expect(allowed[0]).toBe(given[0]);
    expect(allowed[1]).not.toBe(given[1]);
  });

  it('makes no state for an unused bucket that has never enough', () => {
    expect(after(operation([[take(a, 4)], [report(b, 4)]]))).toEqual([undefined, undefined]);
    expect(after(operation([[take(a, 3)], [take(b, 4), take(a, 1)]]))[1]).toBeUndefined();
  });

  it('places a full bucket anew when the clock has jumped back, also where another one denies as well', () => {
    const given = after(operation([[take(a, 3)], [take(b, 3)]]));
    const { decision, states } = judge(operation([[a, b]]), given, now - 60_000);
    expect(decision.denied).toEqual([{ bucket: 1, cost: 1, retryAfter: 20_000 }]);
    expect(judge(operation([[a, b]]), states, now - 40_000).decision.denied).toEqual([undefined]);
  });

  it('places the full bucket that counts denials anew when the clock has jumped back', () => {
    const given = after(operation([[take(b, 3)]]));
    const { states } = judge(operation([], b), given, now - 60_000);
    expect(judge(operation([], b), states, now - 40_000).decision.rejected).toBeUndefined();
  });

  it('gives selections that share their charges one denial, also when others come between', () => {
    const charges = [{ bucket: 0, cost: 2, enforced: true }];
    const others = [{ bucket: 0, cost: 1, enforced: true }];
    const selections = [charges, charges, others, charges].map((each) => ({ charges: each }));
    const { decision } = judge({ buckets: [a], selections }, [undefined], now);
    const denied = { bucket: 0, cost: 2, retryAfter: 10_000 };
    expect(decision.denied).toEqual([undefined, denied, undefined, denied]);
    expect(decision.levels).toEqual([{ remaining: 0, resetAt: now + 10_000 }]);
  });

  it('counts each denied selection, also those that share their charges', () => {
    const charges = [{ bucket: 0, cost: 4, enforced: true }];
    const selections = [{ charges }, { charges }, { charges: [], under: 1 }];
    const { decision } = judge({ buckets: [a, b], selections, meta: 1 }, [undefined, undefined], now);
    expect(decision.levels[1]?.remaining).toBe(1);
  });

  it('denies a selection in any case that is denied elsewhere, and no other with the same charges', () => {
    const charges = [{ bucket: 0, cost: 2, enforced: true }];
    const selections = [
      { charges, isDenied: true },
      { charges },
      { charges: [], under: 0 },
      { charges: [], isDenied: true },
    ];
    const { decision } = judge({ buckets: [a], selections }, [undefined], now);
    const denied = { bucket: 0, cost: 2, retryAfter: 10_000 };
    expect(decision.denied).toEqual([denied, undefined, denied, { bucket: 0, cost: 0, retryAfter: 0 }]);
    expect(decision.levels[0]?.remaining).toBe(1);
  });

  it('has a selection that is denied elsewhere wait for nothing where all of it fits', () => {
    const [charge, other] = [
      { bucket: 1, cost: 2, enforced: true },
      { bucket: 0, cost: 1, enforced: true },
    ];
    const charges = { buckets: [a, b], selections: [{ charges: [charge, other], isDenied: true }] };
    const { decision, states } = judge(charges, [undefined, undefined], now);
    expect(decision.denied).toEqual([{ bucket: 1, cost: 2, retryAfter: 0 }]);
    expect(states).toEqual([undefined, undefined]);
    const alone = { buckets: [a], selections: [{ charges: [other], isDenied: true }] };
    expect(judge(alone, [undefined], now).decision.denied).toEqual([{ bucket: 0, cost: 1, retryAfter: 0 }]);
  });

  it('names the first of the buckets that keep a selection waiting equally long', () => {
    const twin = { ...a, key: 'twin' };
    const { decision } = judge(
      operation([
        [a, twin],
        [take(twin, 3), take(a, 3)],
      ]),
      [undefined, undefined],
      now,
    );
    expect(decision.denied[1]).toMatchObject({ bucket: 1 });
  });

  it('fails where a charge names a bucket that is not there', () => {
    const charges = [{ bucket: 1, cost: 1, enforced: true }];
    expect(() => judge({ buckets: [a], selections: [{ charges }] }, [undefined], now)).toThrow(
      'A charge names bucket 1 of 1; name one of them.',
    );
  });

  it('says what rules say that are followed step by step, after any history', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ wait: fc.nat(4000), charges: operations })), (history) => {
        let states: States = buckets.map(() => undefined);
        let at = now;
        for (const { wait, charges } of history) {
          at += wait;
          const expected = judgeNaively(charges, states, at);
          const found = judge(charges, states, at);
          expect(found.decision).toEqual(expected.decision);
          for (const later of [1, 1500, 7000]) {
            expect(levelsOf(found.states, at + later)).toEqual(levelsOf(expected.states, at + later));
          }
          states = found.states;
        }
      }),
      { numRuns: 300 },
    );
  });
});

const buckets = strategies.flatMap((strategy) =>
  [3, 6].map((limit) => bucket({ key: `${strategy} ${limit}`, limit, duration: limit, strategy })),
);

const charges = fc.subarray([...buckets.keys()], { maxLength: 3 }).chain((indices) =>
  fc.tuple(
    ...indices.map((index) =>
      fc.record({
        bucket: fc.constant(index),
        cost: fc.integer({ min: 1, max: 7 }),
        enforced: fc.nat(3).map((n) => n > 0),
      }),
    ),
  ),
);

const operations: fc.Arbitrary<OperationCharges> = fc
  .record({
    some: fc.array(charges, { minLength: 1, maxLength: 3 }),
    // Few charges for many selections, as aliases have them.
    picks: fc.array(
      fc.record({
        n: fc.nat(),
        under: fc.option(fc.nat(), { nil: undefined }),
        isUncertain: fc.boolean(),
        isDenied: fc.nat(5).map((m) => m === 0),
      }),
      { maxLength: 8 },
    ),
    meta: fc.option(fc.nat(buckets.length - 1), { nil: undefined }),
  })
  .map(({ some, picks, meta }) => ({
    buckets,
    meta,
    selections: picks.map(({ n, under, isUncertain, isDenied }, index) => ({
      charges: some[n % some.length] ?? [],
      isUncertain,
      isDenied,
      under: under === undefined || index === 0 ? undefined : under % index,
    })),
  }));

function levelsOf(states: States, at: number) {
  return buckets.map(({ strategy, rule }, index) => strategyOf(strategy).level(states[index], rule, at));
}

/** The rules of BucketStore word for word: nothing is remembered, nothing is taken or counted more than once at a time. */
function judgeNaively(
  { selections, meta }: OperationCharges,
  given: States,
  at: number,
): { decision: Decision; states: States } {
  let states: readonly (State | undefined)[] = given;
  const attempt = ({ bucket: index, cost }: Charge) => {
    const of = buckets[index];
    if (of === undefined) throw new Error('There is no such bucket.');
    return strategyOf(of.strategy).take(states[index], of.rule, cost, at);
  };
  const fits = (charge: Charge) => (levelsOf(states, at)[charge.bucket]?.remaining ?? 0) >= charge.cost;
  const takeFrom = (charge: Charge) => (states = states.with(charge.bucket, attempt(charge).state));
  const denialBy = (charge: Charge): BucketDenial => {
    return { bucket: charge.bucket, cost: charge.cost, retryAfter: attempt(charge).retryAfter };
  };
  const decision = (of: Pick<Decision, 'rejected' | 'denied' | 'reported'>) => {
    return { decision: { takenAt: at, levels: levelsOf(states, at), ...of }, states };
  };

  const unit = meta === undefined ? [] : [{ bucket: meta, cost: 1, enforced: true }];
  const [full] = unit.filter((charge) => !fits(charge));
  if (full !== undefined) {
    return decision({ rejected: denialBy(full), denied: selections.map(() => denialBy(full)), reported: [] });
  }

  const answers: ('allowed' | 'denied' | 'not asked')[] = [];
  const reported: Decision['reported'][number][] = [];
  for (const [selection, { charges: all, under, isDenied }] of selections.entries()) {
    const isAsked = under === undefined || answers[under] === 'allowed';
    const isAllowed = isDenied !== true && all.every((charge) => !charge.enforced || fits(charge));
    answers.push(!isAsked ? 'not asked' : isAllowed ? 'allowed' : 'denied');
    if (answers[selection] !== 'allowed') continue;
    for (const charge of all) {
      if (fits(charge)) takeFrom(charge);
      else reported.push({ selection, bucket: charge.bucket });
    }
  }
  for (const [selection, answer] of answers.entries()) {
    const isCertain = selections[selection]?.isUncertain !== true;
    if (answer === 'denied' && isCertain) unit.filter(fits).forEach(takeFrom);
  }

  const denied: (BucketDenial | undefined)[] = [];
  for (const [selection, { charges: all, under }] of selections.entries()) {
    const own = all.filter(({ enforced }) => enforced).map(denialBy);
    const { bucket: at, cost } = all[0] ?? { bucket: 0, cost: 0 };
    const above = answers[selection] === 'not asked' ? denied[under ?? 0] : undefined;
    const waits = above === undefined ? [...own, ...unit.map(denialBy)] : [above, ...own];
    if (above === undefined && waits.every(({ retryAfter }) => retryAfter === 0)) {
      waits.unshift({ bucket: at, cost, retryAfter: 0 });
    }
    const longest = Math.max(...waits.map(({ retryAfter }) => retryAfter));
    denied.push(
      answers[selection] === 'allowed' ? undefined : waits.find(({ retryAfter }) => retryAfter === longest),
    );
  }
  return decision({ rejected: undefined, denied, reported });
}
