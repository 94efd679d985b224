import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRedis } from '../../../src/connections/redis/connection.ts';
import { makeScript, type RedisConnection } from '../../../src/connections/redis/index.ts';
import { judge } from '../../../src/rate-limit/judge.ts';
import type { Bucket, BucketStore, Charge, OperationCharges, Taken } from '../../../src/rate-limit/store.ts';
import { createMemoryStore } from '../../../src/rate-limit/stores/memory/index.ts';
import { createRedisStore } from '../../../src/rate-limit/stores/redis/store.ts';
import type { State } from '../../../src/rate-limit/strategies/index.ts';
import { strategyOf } from '../../../src/rate-limit/strategies/index.ts';
import { describeWith } from '../../support/describe-with.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { createLog } from '../../support/log.ts';
import { startRedis, type TestServer } from '../../support/private-servers.ts';
import { redisAddress } from '../../support/redis-address.ts';
import { describeStore } from '../store.contract.ts';
import { twelfths } from '../strategies/histories.ts';

/** Lets keys live an hour longer than they say: the time of a test's clock stands still, the server's does not. */
const lasting = `
local server = redis
local redis = {
  pcall = server.pcall,
  call = function(name, ...)
    if name ~= 'SET' then return server.call(name, ...) end
    local key, value, px, ttl = ...
    return server.call(name, key, value, px, ttl + 3600000)
  end,
}
`;

function withLastingKeys(redis: RedisConnection): Pick<RedisConnection, 'run' | 'isCluster'> {
  return {
    isCluster: redis.isCluster,
    run: (script, keys, args) => redis.run(makeScript(lasting + script.lua), keys, args),
  };
}

describeWith('redis-server', 'the Redis store, beside the others', () => {
  let server: TestServer;
  let connection: RedisConnection;
  let redis: Pick<RedisConnection, 'run' | 'isCluster'>;

  beforeAll(async () => {
    server = await startRedis();
    const url = `redis://127.0.0.1:${server.port}`;
    connection = await openRedis({
      address: redisAddress(url),
      timeoutMs: 10_000,
      prefix: 'test',
      log: createLog().log,
    });
    redis = withLastingKeys(connection);
  });

  afterAll(async () => {
    connection.close();
    await server.stop();
  });

  const create = (clock: FakeClock): BucketStore => createRedisStore({ redis, prefix: randomUUID(), clock });

  describeStore(create);

  it('judges as TypeScript does, after any history', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(historiesOf({ isSteady: false }), async (history) => {
        const clock = new FakeClock();
        await compare(history, clock, create(clock), createStateStore(clock));
      }),
      { numRuns: 80 },
    );
  });

  it('answers as the memory store does while the clock goes forward', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(historiesOf({ isSteady: true }), async (history) => {
        const clock = new FakeClock();
        await compare(history, clock, create(clock), createMemoryStore({ clock }));
      }),
      { numRuns: 40 },
    );
  });
});

/** The strategies and the judge over a map. Unlike the memory store, it forgets nothing before it is asked for it. */
function createStateStore(clock: FakeClock): BucketStore {
  const states = new Map<string, State>();
  const keep = ({ key, strategy, rule }: Bucket, state: State | undefined): void => {
    if (state !== undefined && strategyOf(strategy).expiresAt(state, rule) > clock.now())
      states.set(key, state);
    else states.delete(key);
  };
  return {
    charge(charges) {
      const before = charges.buckets.map(({ key }) => states.get(key));
      const judgement = judge(charges, before, clock.now());
      for (const [index, bucket] of charges.buckets.entries()) keep(bucket, judgement.states[index]);
      return judgement.decision;
    },
    giveBack(taken, takenAt) {
      for (const { bucket, cost } of taken) {
        const state = states.get(bucket.key);
        if (state === undefined) continue;
        keep(bucket, strategyOf(bucket.strategy).giveBack(state, bucket.rule, cost, takenAt, clock.now()));
      }
    },
    levels: (buckets) =>
      buckets.map(({ key, strategy, rule }) =>
        strategyOf(strategy).level(states.get(key), rule, clock.now()),
      ),
  };
}

interface History {
  readonly buckets: readonly Bucket[];
  readonly steps: readonly Step[];
}

interface Step {
  /** Milliseconds. */
  readonly advance: number;
  readonly act:
    | { readonly charges: OperationCharges }
    | { readonly earlier: number; readonly share: number; readonly early: number };
}

/** Plays a history on both, and compares all that they say. */
async function compare(
  { buckets, steps }: History,
  clock: FakeClock,
  store: BucketStore,
  model: BucketStore,
): Promise<void> {
  const given: { readonly taken: readonly Taken[]; readonly at: number }[] = [];
  for (const { advance, act } of steps) {
    clock.advance(advance / 1000);
    if ('charges' in act) {
      const decision = await store.charge(act.charges);
      expect(decision).toEqual(await model.charge(act.charges));
      const allowed = act.charges.selections.filter((_, index) => decision.denied[index] === undefined);
      const taken = allowed.flatMap(({ charges }) =>
        charges.flatMap((charge) => takenBy(act.charges, charge)),
      );
      given.push({ taken, at: decision.takenAt });
    } else {
      const { taken, at } = given.at(-1 - act.earlier) ?? { taken: [], at: 0 };
      const some = taken.slice(0, Math.ceil((taken.length * act.share) / 4));
      await store.giveBack(some, at - act.early);
      await model.giveBack(some, at - act.early);
    }
    expect(await store.levels(buckets)).toEqual(await model.levels(buckets));
  }
}

function takenBy({ buckets }: OperationCharges, { bucket, cost }: Charge): Taken[] {
  const of = buckets[bucket];
  return of === undefined ? [] : [{ bucket: of, cost }];
}

const strategies = ['FIXED_WINDOW', 'SLIDING_WINDOW', 'SLIDING_LOG', 'TOKEN_BUCKET'] as const;
const small = fc.record({ limit: fc.integer({ min: 1, max: 8 }), duration: fc.integer({ min: 1, max: 20 }) });
const realistic = fc.record({
  limit: fc.integer({ min: 1, max: 1000 }),
  duration: fc.integer({ min: 1000, max: 86_400_000 }),
});

/** Sizes are in twelfths of the rules', so that histories are as dense under every rule. */
const size = fc.oneof({ weight: 4, arbitrary: fc.nat(4) }, fc.nat(14));
const chargeSizes = fc.record({ cost: size, enforced: fc.nat(3).map((n) => n > 0) });
const selectionSizes = fc.record({
  /** Which of the operation's sets of charges it has, and how many such selections there are. */
  set: fc.nat(2),
  times: fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, fc.nat(12)),
  under: fc.option(fc.nat(20), { freq: 3 }),
  isUncertain: fc.option(fc.boolean(), { nil: undefined }),
  isDenied: fc.nat(9).map((n) => n === 0),
});
const chargeSteps = fc.record({
  order: fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 1 }),
  sets: fc.array(fc.array(fc.option(chargeSizes, { freq: 2 }), { maxLength: 5 }), {
    minLength: 3,
    maxLength: 3,
  }),
  selections: fc.array(selectionSizes, { maxLength: 5 }),
  isSingle: fc.boolean(),
  meta: fc.option(fc.nat(4), { nil: undefined, freq: 2 }),
  limits: fc.array(fc.nat(30), { minLength: 5, maxLength: 5 }),
});
const stepSizes = fc.record({
  wait: fc.oneof({ weight: 4, arbitrary: fc.nat(4) }, fc.nat(26)),
  shift: fc.integer({ min: -1, max: 1 }),
  back: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(4), fc.nat(60)),
  by: fc.nat(4),
  act: fc.oneof(
    { weight: 4, arbitrary: chargeSteps },
    fc.record({ earlier: fc.nat(3), share: fc.nat(4), early: fc.oneof(fc.constant(0), fc.nat(20)) }),
  ),
});

/** @param isSteady whether the clock never jumps back and limits do not change */
function historiesOf({ isSteady }: { readonly isSteady: boolean }): fc.Arbitrary<History> {
  const rules = fc.array(fc.oneof(small, realistic), { minLength: 5, maxLength: 5 });
  return fc
    .record({ rules, first: fc.nat(3), steps: fc.array(stepSizes, { maxLength: 30, size: 'max' }) })
    .map(({ rules, first, steps }) => {
      const buckets = rules.map((rule, n): Bucket => {
        return { key: `b${n}`, strategy: strategies[(first + n) % 4] ?? 'FIXED_WINDOW', rule };
      });
      return { buckets, steps: steps.map((sizes) => stepOf(sizes, buckets, isSteady)) };
    });
}

type Sizes<T> = T extends fc.Arbitrary<infer U> ? U : never;

function stepOf(
  { wait, shift, back, by, act }: Sizes<typeof stepSizes>,
  buckets: readonly Bucket[],
  isSteady: boolean,
): Step {
  const duration = buckets[by]?.rule.duration ?? 0;
  const advance = Math.max(0, twelfths(wait, duration) + shift) - (isSteady ? 0 : twelfths(back, duration));
  return { advance, act: 'sets' in act ? { charges: chargesOf(act, buckets, isSteady) } : act };
}

function chargesOf(
  { order, sets, selections, isSingle, meta, limits }: Sizes<typeof chargeSteps>,
  all: readonly Bucket[],
  isSteady: boolean,
): OperationCharges {
  const buckets = order.slice(0, isSingle ? 1 : 5).flatMap((n) => {
    const bucket = all[n];
    if (bucket === undefined) return [];
    const limit = isSteady ? bucket.rule.limit : twelfths(limits[n] ?? 12, bucket.rule.limit);
    return [{ ...bucket, rule: { ...bucket.rule, limit } }];
  });
  const charges = sets.map((set) =>
    set.flatMap((sizes, bucket): Charge[] => {
      const of = buckets[bucket];
      if (sizes === null || of === undefined) return [];
      return [{ bucket, cost: Math.max(1, twelfths(sizes.cost, of.rule.limit)), enforced: sizes.enforced }];
    }),
  );
  const judged: OperationCharges['selections'][number][] = [];
  for (const { set, times, under, isUncertain, isDenied } of selections.slice(0, isSingle ? 1 : 5)) {
    const above = under === null || judged.length === 0 ? undefined : under % judged.length;
    for (let n = 0; n < times; n += 1) {
      judged.push({ charges: charges[set] ?? [], under: above, isUncertain, isDenied });
    }
  }
  return {
    buckets,
    selections: judged,
    meta: meta !== undefined && meta < buckets.length ? meta : undefined,
  };
}
