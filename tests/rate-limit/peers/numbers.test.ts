import { describe, expect, it } from 'vitest';
import { ask, codesOf, declare, type TestSchema } from '../../support/declared.ts';

/** How many times in a row a field is answered, up to 20. */
async function answered(declared: TestSchema, source = '{ f }'): Promise<number> {
  for (let count = 0; count < 20; count += 1)
    if ((await ask(declared, source)).errors !== undefined) return count;
  return 20;
}

const day = 86_400;

describe('a limit', () => {
  const multiplied =
    'type Query { f(n: Int, ids: [ID!]): Int @rateLimit(limit: 10, multipliers: ["n", "ids"]) }';
  const resolvers = { Query: { f: () => 1 } };

  it.each(['n: -100', 'n: -2147483648', 'n: 0', 'n: null', 'ids: []', 'ids: null', 'n: 0, ids: []'])(
    'neither refills nor lets through for free when a client asks for (%s)',
    async (args) => {
      expect(await answered(declare(multiplied, resolvers), `{ f(${args}) }`)).toBe(10);
    },
  );

  it('is not refilled by a negative number beside others', async () => {
    expect(await answered(declare(multiplied, resolvers), '{ f(n: -3, ids: ["a", "b"]) }')).toBe(5);
  });

  it('is not refilled by a negative number for others in the operation either', async () => {
    const { data } = await ask(declare(multiplied, resolvers), '{ a: f(n: 10) b: f(n: -100) c: f(n: 1) }');
    expect(data).toEqual({ a: 1, b: null, c: null });
  });

  it.each([
    ['2147483647', undefined],
    ['2147483647, ids: ["a", "b", "c", "d"]', undefined],
    ['$n', { n: 2_147_483_647 }],
  ])('says of a huge number, (n: %s), that it will never fit, and takes nothing', async (n, variables) => {
    const declared = declare(multiplied, resolvers);
    const head = variables === undefined ? '' : 'query ($n: Int) ';
    const { errors } = await ask(declared, `${head}{ f(n: ${n}) }`, variables && { variables });
    expect(errors).toMatchObject([
      { path: ['f'], extensions: { code: 'RATE_LIMIT_COST_EXCEEDED', remaining: 10 } },
    ]);
    expect(errors?.[0]?.extensions).not.toHaveProperty('retryAfter');
    expect(await answered(declared)).toBe(10);
  });

  it.each(['1.5', '1e3', '2147483648', '"3"', 'true'])(
    'charges nothing for a number that is none: %s',
    async (n) => {
      const declared = declare(multiplied, resolvers);
      expect((await ask(declared, `{ f(n: ${n}) }`)).data).toBeUndefined();
      expect(await answered(declared)).toBe(10);
    },
  );

  it('keeps what is left when something does not fit', async () => {
    const declared = declare(multiplied, resolvers);
    const codes = [];
    for (const n of [8, 5, 11, 2, 1]) codes.push(codesOf(await ask(declared, `{ f(n: ${n}) }`)));
    expect(codes).toEqual([[], ['RATE_LIMITED'], ['RATE_LIMIT_COST_EXCEEDED'], [], ['RATE_LIMITED']]);
  });

  it.each(['FIXED_WINDOW', 'SLIDING_LOG', 'TOKEN_BUCKET'])(
    'says how long to wait for several units, exactly, by %s',
    async (strategy) => {
      const declared = declare(
        `type Query { f(n: Int): Int @rateLimit(limit: 10, duration: 100, multipliers: ["n"], strategy: ${strategy}) }`,
        resolvers,
      );
      for (let count = 0; count < 10; count += 1) {
        await ask(declared, '{ f(n: 1) }');
        declared.clock.advance(3);
      }
      const { errors } = await ask(declared, '{ f(n: 7) }');
      const wait = Number(errors?.[0]?.extensions['retryAfter']);
      declared.clock.advance(wait - 1);
      expect(codesOf(await ask(declared, '{ f(n: 7) }'))).toEqual(['RATE_LIMITED']);
      declared.clock.advance(1);
      expect(codesOf(await ask(declared, '{ f(n: 7) }'))).toEqual([]);
    },
  );
});

describe('a window', () => {
  const limited = (duration: number, strategy = 'FIXED_WINDOW') =>
    declare(`type Query { f: Int @rateLimit(limit: 3, duration: ${duration}, strategy: ${strategy}) }`);

  it.each([
    ['a second', 1],
    ['25 days, more milliseconds than 31 bits hold', 25 * day],
    ['31 days', 31 * day],
    ['a leap year', 366 * day],
  ])('may last for %s, and holds all of the time', async (_, duration) => {
    for (const strategy of ['FIXED_WINDOW', 'SLIDING_LOG']) {
      const declared = limited(duration, strategy);
      expect(await answered(declared)).toBe(3);
      declared.clock.advance(duration - 0.001);
      const { errors } = await ask(declared, '{ f }');
      expect(errors).toMatchObject([{ extensions: { retryAfter: 1, window: duration } }]);
      declared.clock.advance(0.001);
      expect(await answered(declared)).toBe(3);
    }
  });

  it('counts anew each time, also after a long silence', async () => {
    const declared = limited(60);
    for (const silence of [60, 60, 61, 400 * day, 60]) {
      expect(await answered(declared)).toBe(3);
      declared.clock.advance(silence);
    }
  });

  it('is not shortened for those who go on asking', async () => {
    const declared = limited(60);
    expect(await answered(declared)).toBe(3);
    for (let second = 1; second < 60; second += 1) {
      declared.clock.advance(1);
      const { errors } = await ask(declared, '{ f }');
      expect(errors?.[0]?.extensions['retryAfter']).toBe(60 - second);
    }
    declared.clock.advance(1);
    expect(await answered(declared)).toBe(3);
  });

  it('neither admits a flood nor lengthens without end when the clock jumps back', async () => {
    const declared = limited(60);
    expect(await answered(declared)).toBe(3);
    declared.clock.advance(-30 * day);
    expect(await answered(declared)).toBe(0);
    const { errors } = await ask(declared, '{ f }');
    expect(Number(errors?.[0]?.extensions['retryAfter'])).toBeLessThanOrEqual(60);
    declared.clock.advance(60);
    expect(await answered(declared)).toBe(3);
  });
});

describe('several windows on one field', () => {
  const several = `type Query {
    f: Int @rateLimit(limit: 2, duration: 10) @rateLimit(limit: 5, duration: 100) @rateLimit(limit: 7, duration: 1000)
  }`;

  it('lose nothing anywhere for what one of them denies', async () => {
    const declared = declare(several, { Query: { f: () => 1 } });
    const left = async () =>
      (await declared.limiter.status({ ip: 'local', tiers: [] })).map(({ remaining }) => remaining);
    expect(await answered(declared)).toBe(2);
    await ask(declared, '{ a: f b: f c: f }');
    expect(await left()).toEqual([0, 3, 5]);
    declared.clock.advance(10);
    expect(await answered(declared)).toBe(2);
    declared.clock.advance(10);
    expect(await answered(declared)).toBe(1);
    expect(await left()).toEqual([1, 0, 2]);
    declared.clock.advance(80);
    expect(await answered(declared)).toBe(2);
    expect(await left()).toEqual([0, 3, 0]);
  });

  it('tell of the longest of their waits', async () => {
    const declared = declare(several, { Query: { f: () => 1 } });
    for (let count = 0; count < 3; count += 1) {
      await ask(declared, '{ a: f b: f c: f }');
      declared.clock.advance(10);
    }
    const { errors } = await ask(declared, '{ a: f b: f }');
    expect(errors?.at(-1)?.extensions).toMatchObject({
      policy: 'Query.f#2',
      retryAfter: 70,
      limit: 5,
      window: 100,
    });
  });
});
