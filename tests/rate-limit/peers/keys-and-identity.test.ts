import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Caller } from '../../../src/caller/caller.ts';
import { bucketKey } from '../../../src/rate-limit/bucket-key.ts';
import { ask, codesOf, declare, type TestSchema } from '../../support/declared.ts';
import { policy } from '../../support/policies.ts';
import { spiedStore } from './spied-store.ts';

const f = { Query: { f: () => 1 } };

/** Who asks with which arguments. */
interface Use extends Pick<Caller, 'userId' | 'apiKeyId'> {
  readonly a: string;
  readonly b: string;
}

async function isDenied(
  declared: TestSchema,
  source: string,
  caller: Partial<Caller> = {},
): Promise<boolean> {
  const context = { caller: { ip: '192.0.2.1', tiers: [], ...caller } };
  return codesOf(await ask(declared, source, { context })).includes('RATE_LIMITED');
}

describe('callers', () => {
  it.each(['USER', 'API_KEY'])(
    'whose identity is empty do not share a bucket, but are counted by address: %s',
    async (by) => {
      const declared = declare(`type Query { f: Int @rateLimit(limit: 1, by: [${by}]) }`, f);
      const nobody = { userId: '', apiKeyId: '' };
      expect(await isDenied(declared, '{ f }', { ...nobody, ip: '192.0.2.1' })).toBe(false);
      expect(await isDenied(declared, '{ f }', { ...nobody, ip: '192.0.2.2' })).toBe(false);
      expect(await isDenied(declared, '{ f }', { ...nobody, ip: '192.0.2.2' })).toBe(true);
    },
  );

  it('have no bucket of a name that nothing gave them', async () => {
    const { keys, ...parts } = spiedStore();
    const declared = declare('type Query { f(id: ID): Int @rateLimit(identityArgs: ["id"]) }', f, parts);
    for (const caller of [{}, { userId: undefined }, { userId: '' }, { apiKeyId: '' }])
      await isDenied(declared, '{ f f2: f(id: null) f3: f(id: "") }', caller);
    for (const key of keys()) expect(key).toMatch(/^Query\.f\|F60\|ip:192\.0\.2\.1\|[\w-]{43}$/);
  });

  it('cannot take the bucket of others by what is in their ids and arguments', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', '|', ':', '"', ',', '\\', '%', '\n', ' '),
      maxLength: 6,
      minLength: 1,
    });
    const use = fc.record({
      userId: fc.option(text, { nil: undefined }),
      apiKeyId: fc.option(text, { nil: undefined }),
      a: text,
      b: text,
    });
    const by = policy({ identityArgs: [['a'], ['b']] });
    const folded = (value: string) => value.replaceAll('\n', '').trim();
    const whoAndWhat = ({ userId, apiKeyId, a, b }: Use) =>
      JSON.stringify([userId ?? { apiKeyId }, folded(a), folded(b)]);
    const keyOf = ({ a, b, ...ids }: Use) =>
      bucketKey(by, 60, { ip: '192.0.2.1', tiers: [], ...ids }, { a, b });
    fc.assert(
      fc.property(use, use, (one, other) => {
        expect(keyOf(one) === keyOf(other)).toBe(whoAndWhat(one) === whoAndWhat(other));
      }),
      { numRuns: 500 },
    );
  });

  it('are counted each for themselves and all together where a field says so', async () => {
    const declared = declare(
      'type Query { f: Int @rateLimit(limit: 2) @rateLimit(limit: 3, by: [GLOBAL]) }',
      f,
    );
    const asked = [];
    for (const userId of ['ada', 'ada', 'ada', 'bob', 'bob', 'eve'])
      asked.push(await isDenied(declared, '{ f }', { userId }));
    expect(asked).toEqual([false, false, true, false, true, true]);
    const states = await declared.limiter.status({ ip: '192.0.2.1', userId: 'bob', tiers: [] });
    expect(states.map(({ remaining }) => remaining)).toEqual([1, 0]);
  });

  it('keep what they have used when their tier changes within the window', async () => {
    const declared = declare(
      'type Query { f: Int @rateLimit(limit: 2, tiers: [{ tier: "PAID", limit: 5 }]) }',
      f,
    );
    const use = async (tier: string, count: number) => {
      const uses = [];
      for (let n = 0; n < count; n += 1)
        uses.push(await isDenied(declared, '{ f }', { userId: 'ada', tiers: [tier] }));
      return uses.filter((denied) => !denied).length;
    };
    expect(await use('FREE', 3)).toBe(2);
    expect(await use('PAID', 9)).toBe(3);
    expect(await use('FREE', 1)).toBe(0);
    declared.clock.advance(60);
    expect(await use('FREE', 3)).toBe(2);
  });
});

describe('fields', () => {
  it('of one name on several types are counted apart', async () => {
    const declared = declare(
      `type Query { f: Int @rateLimit(limit: 1) shop: Shop } type Shop { f: Int @rateLimit(limit: 1) }`,
      { Query: { f: () => 1, shop: () => ({ f: 2 }) } },
    );
    expect(await isDenied(declared, '{ f shop { f } }')).toBe(false);
    expect(await isDenied(declared, '{ shop { f } }')).toBe(true);
  });

  it('are not limited by a misspelt directive, which stops the start', () => {
    expect(() => declare('type Query { f: Int @ratelimit(limit: 1) }')).toThrow(
      'Unknown directive "@ratelimit"',
    );
  });
});

describe('introspection', () => {
  it('is never limited, whatever is', async () => {
    const declared = declare('type Query @rateLimit(limit: 1) { f: Int } extend schema @rateLimit(limit: 1)');
    const source =
      '{ __typename __schema { queryType { name fields { name } } } __type(name: "Query") { name } }';
    for (let count = 0; count < 10; count += 1) expect((await ask(declared, source)).errors).toBeUndefined();
    expect(codesOf(await ask(declared, '{ f }'))).toEqual([]);
  });
});
