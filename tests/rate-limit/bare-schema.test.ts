import { execute, graphql, GraphQLScalarType, parse } from 'graphql';
import { describe, expect, it, vi } from 'vitest';
import { createMemoryStore } from '../../src/rate-limit/index.ts';
import { ask, codesOf, declare } from '../support/declared.ts';
import { FakeClock } from '../support/fake-clock.ts';

const field = 'type Query { f: Int @rateLimit(limit: 2) g: Int }';
const resolvers = { Query: { f: () => 1, g: () => 2 } };

describe('a schema without a server', () => {
  it('limits each caller that the context names', async () => {
    const declared = declare(field, resolvers);
    const ada = { caller: { ip: '192.0.2.1', tiers: [] } };
    const bob = { caller: { ip: '192.0.2.2', tiers: [] } };
    const results = [];
    for (const context of [ada, ada, ada, bob]) results.push(await ask(declared, '{ f }', { context }));
    expect(results.map(({ data }) => data?.['f'])).toEqual([1, 1, null, 1]);
  });

  it('limits whoever asks without a context as one caller', async () => {
    const declared = declare(field, resolvers);
    const results = [];
    for (const options of [{}, { context: {} }, {}]) results.push(await ask(declared, '{ f }', options));
    expect(results.map(({ data }) => data?.['f'])).toEqual([1, 1, null]);
  });

  it('limits through execute() as through graphql()', async () => {
    const { schema } = declare(field, resolvers);
    const document = parse('{ f }');
    for (const value of [1, 1, null])
      expect((await execute({ schema, document })).data).toEqual({ f: value });
  });

  it('tells which selection was denied, by which limit and how long to wait, and answers the rest', async () => {
    const declared = declare(field, resolvers);
    await ask(declared, '{ f }');
    declared.clock.advance(12.5);
    await ask(declared, '{ f }');
    const { data, errors } = await ask(declared, '{ g again: f }');
    expect(data).toEqual({ g: 2, again: null });
    expect(errors?.map((error) => error.toJSON())).toEqual([
      {
        message: 'Too many requests. Please try again in 48 seconds.',
        path: ['again'],
        locations: [{ line: 1, column: 5 }],
        extensions: {
          code: 'RATE_LIMITED',
          policy: 'Query.f',
          limit: 2,
          window: 60,
          cost: 1,
          remaining: 0,
          retryAfter: 48,
          resetAt: '2026-01-01T00:01:00.000Z',
        },
      },
    ]);
  });

  it('lets the caller pass after the wait it told', async () => {
    const declared = declare(field, resolvers);
    const { errors } = await ask(declared, '{ a: f b: f c: f }');
    expect(errors).toHaveLength(1);
    declared.clock.advance(Number(errors?.[0]?.extensions['retryAfter']));
    expect((await ask(declared, '{ f }')).errors).toBeUndefined();
  });

  it('does not run the resolver of a denied selection', async () => {
    const f = vi.fn(() => 1);
    const declared = declare(field, { Query: { f } });
    await ask(declared, '{ a: f b: f c: f d: f }');
    expect(f).toHaveBeenCalledTimes(2);
  });

  it('answers without a limit what declares none', async () => {
    const declared = declare(field, resolvers);
    for (let n = 0; n < 10; n += 1) expect((await ask(declared, '{ g __typename }')).errors).toBeUndefined();
  });

  it('says of a selection above the limit that it will never fit', async () => {
    const declared = declare(
      'type Query { f(first: Int): Int @rateLimit(limit: 5, multipliers: ["first"]) }',
    );
    expect(codesOf(await ask(declared, '{ f(first: 6) }'))).toEqual(['RATE_LIMIT_COST_EXCEEDED']);
    expect(codesOf(await ask(declared, '{ f(first: 5) }'))).toEqual([]);
    expect(codesOf(await ask(declared, '{ f(first: -5) }'))).toEqual(['RATE_LIMITED']);
  });

  it('charges by the coerced arguments: defaults and variables', async () => {
    const declared = declare(
      'type Query { f(first: Int = 4): Int @rateLimit(limit: 10, multipliers: ["first"]) }',
    );
    await ask(declared, '{ f }');
    await ask(declared, 'query ($n: Int = 2) { f(first: $n) }', {
      variables: { n: 3 },
    });
    const [state] = await declared.limiter.status({ ip: 'local', tiers: [] });
    expect(state?.remaining).toBe(3);
  });
});

describe('a limited resolver', () => {
  it.each([
    ['at once', () => 1],
    ['by a promise', () => Promise.resolve(1)],
  ])('answers %s', async (_, f) => {
    expect((await ask(declare(field, { Query: { f } }), '{ f }')).data).toEqual({ f: 1 });
  });

  it('may be the default one, over a property or a method of the parent', async () => {
    const { schema } = declare(field);
    for (const rootValue of [{ f: 1 }, { f: () => 1 }, { f: () => Promise.resolve(1) }]) {
      const result = await graphql({ schema: declare(field).schema, source: '{ f }', rootValue });
      expect(result).toEqual({ data: { f: 1 } });
    }
    expect(await graphql({ schema, source: '{ f }' })).toEqual({ data: { f: null } });
  });

  it('gets its parent, arguments, context and info as without a limit', async () => {
    const f = vi.fn<(...args: unknown[]) => number>(() => 1);
    const { schema } = declare('type Query { f(a: Int = 3): Int @rateLimit(count: SUCCESS) }', {
      Query: { f },
    });
    const contextValue = { caller: { ip: '192.0.2.1', tiers: [] } };
    const rootValue = {};
    await graphql({ schema, source: '{ x: f }', rootValue, contextValue });
    const [source, args, context, info] = f.mock.calls[0] ?? [];
    expect(source).toBe(rootValue);
    expect(args).toEqual({ a: 3 });
    expect(context).toBe(contextValue);
    expect(info).toMatchObject({ fieldName: 'f', path: { key: 'x' } });
  });
});

describe('an argument that is part of the key', () => {
  const scalar = (name: string, parseValue: (value: unknown) => unknown) =>
    new GraphQLScalarType({
      name,
      parseValue,
      parseLiteral: (node) => parseValue('value' in node && node.value),
    });

  it.each([
    ['BigInt', (value: unknown) => BigInt(String(value))],
    ['Date', (value: unknown) => new Date(Number(value))],
    ['object', (value: unknown) => ({ value, list: [value] })],
  ])('may be a custom scalar that parses to a %s', async (_, parseValue) => {
    const declared = declare(
      'scalar Any type Query { f(key: Any): Int @rateLimit(limit: 1, identityArgs: ["key"]) }',
      { Any: scalar('Any', parseValue), Query: { f: () => 1 } },
    );
    const results = [];
    for (const key of [1, 2, 1]) results.push(await ask(declared, `{ f(key: ${key}) }`));
    expect(results.map(codesOf)).toEqual([[], [], ['RATE_LIMITED']]);
  });
});

describe('a store that fails', () => {
  it('fails every object of the selection with its error, and leaves none waiting', async () => {
    const clock = new FakeClock();
    const store = {
      ...createMemoryStore({ clock }),
      charge: () => {
        throw new Error('The store is down.');
      },
    };
    const declared = declare(
      'type Query { books: [Book] g: Int } type Book { stock: Int @rateLimit }',
      { Query: { books: () => [{}, {}, {}], g: () => 2 } },
      { clock, store },
    );
    const { data, errors } = await ask(declared, '{ g books { stock } }');
    expect(data).toEqual({ g: 2, books: [{ stock: null }, { stock: null }, { stock: null }] });
    expect(errors?.map(({ message }) => message)).toEqual(Array(3).fill('The store is down.'));
  });

  it('leaves none waiting either where the arguments cannot be keyed', async () => {
    const loop: { self?: unknown } = {};
    loop.self = loop;
    const declared = declare(
      'scalar Any type Query { books: [Book] } type Book { f(key: Any): Int @rateLimit(identityArgs: ["key"]) }',
      {
        Any: new GraphQLScalarType({ name: 'Any', parseLiteral: () => loop, parseValue: () => loop }),
        Query: { books: () => [{}, {}] },
      },
    );
    const { errors } = await ask(declared, '{ books { f(key: 1) } }');
    expect(errors).toHaveLength(2);
  });
});
