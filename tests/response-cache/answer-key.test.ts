import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerKey, type KeyParts, operationDigest, ownerOf } from '../../src/response-cache/answer-key.ts';

const operation = {
  digest: operationDigest('schema', 'query ($a: Any, $b: Any) { f(a: $a, b: $b) }'),
  declared: ['a', 'b'],
  owner: null,
};
const keyOf = (variables: Record<string, unknown>, parts: Partial<KeyParts> = {}): string | undefined =>
  answerKey({ ...operation, variables, ...parts });

describe('the key of an answer', () => {
  it('is as long whatever goes into it, and shows none of it', () => {
    expect(keyOf({ a: 'secret'.repeat(1000) })).toMatch(/^[\w-]{43}$/);
  });

  it('leaves out variables that the operation does not declare', () => {
    expect(keyOf({ a: 1, nonce: 'x', c: { d: 1 } })).toBe(keyOf({ a: 1 }));
  });

  it('does not depend on the order of variables, or of the entries of objects', () => {
    expect(keyOf({ b: 2, a: 1 })).toBe(keyOf({ a: 1, b: 2 }));
    expect(keyOf({ a: [{ x: 1, y: { p: 1, q: 2 } }] })).toBe(keyOf({ a: [{ y: { q: 2, p: 1 }, x: 1 }] }));
  });

  it.each([
    [{ a: [1, 2] }, { a: [2, 1] }],
    [{ a: null }, {}],
    [{ a: 1 }, { b: 1 }],
    [{ a: 1 }, { a: '1' }],
    [{ a: '' }, { a: null }],
    [{ a: false }, { a: null }],
    [{ a: [] }, { a: {} }],
    [{ a: [[1], 2] }, { a: [1, [2]] }],
    [{ a: { x: null } }, { a: {} }],
    [
      { a: '1', b: '2' },
      { a: '1","b', b: '2' },
    ],
  ])('differs for variables that differ: %j and %j', (one, other) => {
    expect(keyOf(one)).not.toBe(keyOf(other));
  });

  it.each([
    ['numbers too large for JSON', '{"a":1e999}'],
    ['and too small', '{"a":[{"x":-1e999}]}'],
    ['a zero with a sign', '{"a":-0}'],
    ['what is nested deeper than 100 levels', `{"a":${'['.repeat(102)}${']'.repeat(102)}}`],
    ['what would overflow the stack', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ])('is none for %s, which it would not tell from others', (_title, variables) => {
    expect(keyOf(JSON.parse(variables) as Record<string, unknown>)).toBeUndefined();
  });

  it.each(['toString', 'constructor', '__proto__', 'hasOwnProperty'])(
    'takes a variable named %s for absent unless it is given',
    (name) => {
      const declared = [name];
      const given = JSON.parse(`{"${name}": null}`) as Record<string, unknown>;
      expect(keyOf({}, { declared })).toBe(keyOf({}, { declared: [] }));
      expect(keyOf(given, { declared })).not.toBe(keyOf({}, { declared }));
    },
  );

  it('differs between operations', () => {
    expect(keyOf({}, { digest: operationDigest('schema', '{ f }') })).not.toBe(keyOf({}));
  });

  it('differs between owners, and from the key of what all share', () => {
    const keys = [null, '["1",null]', '[null,"1"]', ''].map((owner) => keyOf({}, { owner }));
    expect(new Set(keys).size).toBe(4);
  });

  it('is the same for two operations only if all that goes into it is', () => {
    const part = fc.jsonValue({ maxDepth: 2 });
    const variables = fc.record({ a: part, b: part }, { requiredKeys: [] });
    const plain = (value: unknown): string =>
      JSON.stringify(value, (_, each: unknown) =>
        typeof each === 'object' && each !== null && !Array.isArray(each)
          ? Object.fromEntries(Object.entries(each).toSorted(([x], [y]) => (x < y ? -1 : 1)))
          : each,
      );
    fc.assert(
      fc.property(variables, variables, (one, other) => {
        expect(keyOf(one) === keyOf(other)).toBe(plain(one) === plain(other));
      }),
    );
  });
});

describe('the owner of a PRIVATE answer', () => {
  const caller = { ip: '192.0.2.1', tiers: [] };

  it('is nobody where the caller has neither key nor token', () => {
    expect(ownerOf(caller)).toBeNull();
  });

  it('is another one for each user, each key and each of both', () => {
    const owners = [
      { userId: '1' },
      { userId: '2' },
      { apiKeyId: '1' },
      { userId: '1', apiKeyId: '1' },
      { userId: '1', apiKeyId: '2' },
    ].map((ids) => ownerOf({ ...caller, ...ids }));
    expect(new Set(owners).size).toBe(5);
    expect(owners).not.toContain(null);
  });

  it('is the same wherever they are', () => {
    expect(ownerOf({ ...caller, userId: '1' })).toBe(
      ownerOf({ ip: '192.0.2.2', tiers: ['USER'], userId: '1' }),
    );
  });
});
