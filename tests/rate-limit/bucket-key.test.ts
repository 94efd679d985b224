import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Arguments, costOf as unitsOf } from '../../src/rate-limit/arguments.ts';
import { bucketKey } from '../../src/rate-limit/bucket-key.ts';
import type { Policy } from '../../src/rate-limit/index.ts';
import { limitFor } from '../../src/rate-limit/policy.ts';
import { policiesIn, policy } from '../support/policies.ts';

const anonymous = { ip: '192.0.2.1', tiers: ['ANONYMOUS'] };
const withKey = { ip: '192.0.2.1', apiKeyId: '7', tiers: ['PAID'] };
const withUser = { ip: '192.0.2.1', userId: '42', tiers: ['USER'] };
const withBoth = { ...withKey, ...withUser };

describe('the key of a bucket', () => {
  const keyOf = (by: Policy['by'], caller: typeof withBoth | typeof anonymous): string =>
    bucketKey(policy({ by }), 60, caller, {});

  it('is the user, else the API key, else the address, if the policy says nothing else', () => {
    const by = policiesIn('type Query { f: Int @rateLimit }')[0]?.by ?? [];
    expect([withBoth, withUser, withKey, anonymous].map((caller) => keyOf(by, caller))).toEqual([
      'test|F60|user:42',
      'test|F60|user:42',
      'test|F60|key:7',
      'test|F60|ip:192.0.2.1',
    ]);
  });

  it('is the first that the caller has, in the order of the policy', () => {
    expect(keyOf(['API_KEY', 'USER'], withBoth)).toBe('test|F60|key:7');
    expect(keyOf(['API_KEY', 'USER'], withUser)).toBe('test|F60|user:42');
    expect(keyOf(['IP', 'USER'], withUser)).toBe('test|F60|ip:192.0.2.1');
  });

  it('is the address for callers who have none of what the policy counts by', () => {
    expect(keyOf(['USER'], withKey)).toBe('test|F60|ip:192.0.2.1');
    expect(keyOf(['USER', 'API_KEY'], anonymous)).toBe('test|F60|ip:192.0.2.1');
  });

  it('is one for all where the policy says GLOBAL', () => {
    expect(keyOf(['GLOBAL'], withBoth)).toBe('test|F60|all');
    expect(keyOf(['USER', 'GLOBAL'], withKey)).toBe('test|F60|all');
  });

  it('is another one for another window or strategy, where a state would mean something else', () => {
    const keys = (['FIXED_WINDOW', 'SLIDING_WINDOW', 'SLIDING_LOG', 'TOKEN_BUCKET'] as const).flatMap(
      (strategy) => [60, 3600].map((duration) => bucketKey(policy({ strategy }), duration, anonymous, {})),
    );
    expect(new Set(keys).size).toBe(8);
  });

  it('tells users, keys and addresses with the same text apart', () => {
    const callers = [
      { ip: '1', tiers: [] },
      { ip: '1', apiKeyId: '1', tiers: [] },
      { ip: '1', userId: '1', tiers: [] },
    ];
    const keys = callers.map((caller) => bucketKey(policy(), 60, caller, {}));
    expect(new Set(keys).size).toBe(3);
  });
});

describe('the arguments in a key', () => {
  const byEmail = policy({ identityArgs: [['input', 'email']] });
  const keyOf = (email: unknown): string => bucketKey(byEmail, 60, anonymous, { input: { email } });

  it('are not in it as they were given', () => {
    const key = keyOf('ada@example.com');
    expect(key).toMatch(/^test\|F60\|ip:192\.0\.2\.1\|[\w-]{43}$/);
    expect(key).not.toContain('ada');
  });

  it.each([
    ' ada@example.com ',
    'ADA@Example.COM',
    'ａｄａ@example.com',
    'ada\0@example.com',
    'a\u200Bda@example.com',
  ])('are the same for spellings that mean the same: %j', (spelling) => {
    expect(keyOf(spelling)).toBe(keyOf('ada@example.com'));
  });

  it('are the same however capital letters, space and invisible characters are spread over a value', () => {
    const noise = fc.constantFrom('', '\0', '\u200B', '\u00AD', '\u0007');
    const letter = fc.constantFrom('a', 'é', 'ß', 'σ', 'i', '1', '@', '.', ' b');
    fc.assert(
      fc.property(fc.array(fc.tuple(letter, noise, fc.boolean()), { minLength: 1 }), (letters) => {
        const plain = letters.map(([text]) => text).join('');
        const noisy = letters.map(
          ([text, extra, upper]) => extra + (upper && text !== 'ß' ? text.toUpperCase() : text),
        );
        expect(keyOf(` ${noisy.join('')}\t`)).toBe(keyOf(plain));
      }),
    );
  });

  it('differ for values that differ', () => {
    const values = [
      'ada',
      'bob',
      '',
      null,
      1,
      2,
      true,
      false,
      10n,
      new Date(0),
      new Date(1),
      { a: 1 },
      ['a'],
      'ä',
      'a b',
    ];
    expect(new Set(values.map(keyOf)).size).toBe(values.length);
  });

  it('are the same for a number and its digits, as an ID may be given either way', () => {
    expect(keyOf(42)).toBe(keyOf('42'));
    expect(keyOf(42n)).toBe(keyOf('42'));
  });

  it('are the same for null and for an argument that is not there', () => {
    expect(keyOf(undefined)).toBe(keyOf(null));
    expect(bucketKey(byEmail, 60, anonymous, {})).toBe(keyOf(null));
    expect(bucketKey(byEmail, 60, anonymous, { input: null })).toBe(keyOf(null));
  });

  it('are the same in whatever order the entries of an object come', () => {
    expect(keyOf({ a: 'X', b: [1, 'Y'] })).toBe(keyOf({ b: ['1', 'y'], a: 'x' }));
  });

  it('can be values of any kind that a custom scalar may give', () => {
    for (const value of [
      10n ** 30n,
      new Date(Number.NaN),
      Number.NaN,
      Symbol('x'),
      new Map(),
      () => 1,
      { deep: [1n] },
    ])
      expect(keyOf(value)).toMatch(/^test\|F60\|/);
  });

  it('do not run into each other', () => {
    const by = policy({ identityArgs: [['a'], ['b']] });
    const keys = [
      { a: 'x,', b: 'y' },
      { a: 'x', b: ',y' },
      { a: 'x"', b: 'y' },
      { b: 'x', a: 'y' },
    ].map((args) => bucketKey(by, 60, anonymous, args));
    expect(new Set(keys).size).toBe(4);
  });
});

describe('the key of a long argument', () => {
  const long = policy({ identityArgs: [['email']] });
  const keyOf = (email: string) => bucketKey(long, 60, { ip: '192.0.2.1', tiers: [] }, { email });

  it('does not change with what nobody sees in it', () => {
    const padded = [`a@b.c${' '.repeat(300)}`, `${'\u200b'.repeat(400)}A@b.c`, `${' '.repeat(1000)}a@B.c`];
    expect(new Set(['a@b.c', ...padded].map(keyOf)).size).toBe(1);
  });

  it('is made of its beginning and its length', () => {
    const [text, other] = ['\u{fdfa}'.repeat(300_000), '\u{fdfa}'.repeat(300_001)];
    expect(keyOf(text)).toBe(keyOf(text));
    expect(keyOf(text)).not.toBe(keyOf(other));
  });
});

describe('the cost of a selection', () => {
  const costOf = (values: Partial<Policy>, args: Arguments): number => unitsOf(policy(values), args);

  it('is what the policy says', () => {
    expect(costOf({}, {})).toBe(1);
    expect(costOf({ cost: 5 }, {})).toBe(5);
  });

  it.each([
    [{ first: 10 }, 20],
    [{ first: 1 }, 2],
    [{ first: [1, 2, 3] }, 6],
    [{ first: [[1, 2], [3]] }, 6],
    [{ first: null }, 2],
    [{}, 2],
    [{ first: 0 }, 2],
    [{ first: -100 }, 2],
    [{ first: [] }, 2],
    [{ first: -2_147_483_648 }, 2],
  ])('is multiplied by arguments, none of which makes it smaller: %j', (args, cost) => {
    expect(costOf({ cost: 2, multipliers: [['first']] }, args)).toBe(cost);
  });

  it('is multiplied by each of several arguments', () => {
    const multipliers = [['first'], ['input', 'ids']];
    expect(costOf({ multipliers }, { first: 10, input: { ids: ['a', 'b'] } })).toBe(20);
    expect(costOf({ multipliers }, { first: 10, input: {} })).toBe(10);
    expect(costOf({ multipliers }, { first: -10, input: { ids: [] } })).toBe(1);
    expect(costOf({ multipliers }, { first: -10, input: { ids: -10 } })).toBe(1);
  });

  it('is a whole number of at least 1, whatever the arguments', () => {
    const value = fc.oneof(fc.integer(), fc.constant(null), fc.constant(undefined), fc.array(fc.nat()));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 40 }), fc.integer({ min: 1, max: 100 }), (values, cost) => {
        const args = Object.fromEntries(values.map((each, n) => [`a${n}`, each]));
        const charged = costOf({ cost, multipliers: Object.keys(args).map((name) => [name]) }, args);
        expect(charged).toSatisfy(Number.isSafeInteger);
        expect(charged).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  it('stays a number where huge ones are multiplied', () => {
    const names = Array.from({ length: 40 }, (_, n) => `a${n}`);
    const huge = Object.fromEntries(names.map((name) => [name, 2_147_483_647]));
    const multipliers = names.map((name) => [name]);
    expect(costOf({ multipliers }, huge)).toBe(Number.MAX_SAFE_INTEGER);
    expect(costOf({ multipliers }, { ...huge, a39: 0 })).toBe(Number.MAX_SAFE_INTEGER);
  });
});

describe('the limit of a caller', () => {
  const tiers = [
    { tier: 'ADMIN', limit: null, duration: 60 },
    { tier: 'PAID', limit: 100, duration: 3600 },
    { tier: 'BANNED', limit: 0, duration: 60 },
  ];
  const limitOf = (...carried: string[]) => limitFor(policy({ tiers }), { ...anonymous, tiers: carried });

  it('is that of the policy for callers of no tier in it', () => {
    expect(limitOf('ANONYMOUS')).toEqual({ limit: 3, duration: 60 });
    expect(limitOf()).toEqual({ limit: 3, duration: 60 });
  });

  it('is that of the first tier in the policy that the caller carries, with its window', () => {
    expect(limitOf('PAID')).toEqual({ limit: 100, duration: 3600 });
    expect(limitOf('BANNED', 'PAID')).toEqual({ limit: 100, duration: 3600 });
  });

  it('is 0 where a tier is never let through', () => {
    expect(limitOf('BANNED', 'USER')).toEqual({ limit: 0, duration: 60 });
  });

  it('is none where a tier is unlimited, or the policy is', () => {
    expect(limitOf('ADMIN', 'BANNED')).toBeNull();
    expect(limitFor(policy({ limit: null }), anonymous)).toBeNull();
  });
});
