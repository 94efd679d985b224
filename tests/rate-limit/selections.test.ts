import { describe, expect, it } from 'vitest';
import { ask, codesOf, declare } from '../support/declared.ts';

const field = 'type Query { f: Int @rateLimit(limit: 2) g: Int }';
const resolvers = { Query: { f: () => 1, g: () => 2 } };

describe('a selection', () => {
  it('is each alias, and once where fragments ask for the same', async () => {
    const declared = declare(field, resolvers);
    const { data } = await ask(declared, '{ f ...F ...F again: f once: f } fragment F on Query { f }');
    expect(Object.values(data ?? {}).filter((value) => value === 1)).toHaveLength(2);
  });

  it('counts nothing where it is skipped', async () => {
    const declared = declare(field, resolvers);
    await ask(declared, '{ g f @skip(if: true) b: f @include(if: false) }');
    expect(codesOf(await ask(declared, '{ a: f b: f }'))).toEqual([]);
  });

  const list = 'type Query { books: [Book] } type Book { stock: Int @rateLimit(limit: 2) }';
  const books = { Query: { books: () => Array.from({ length: 50 }, (_, stock) => ({ stock })) } };

  it('counts once under a list, however many items that has', async () => {
    const declared = declare(list, books);
    const { data, errors } = await ask(declared, '{ books { stock } }');
    expect(errors).toBeUndefined();
    expect(data?.['books']).toHaveLength(50);
    expect(codesOf(await ask(declared, '{ books { stock } }'))).toEqual([]);
    const denied = await ask(declared, '{ books { stock } }');
    expect(codesOf(denied)).toEqual(Array(50).fill('RATE_LIMITED'));
    expect(denied.errors?.map(({ path }) => path)).toContainEqual(['books', 7, 'stock']);
  });

  it('is another one in each place of the document', async () => {
    const declared = declare(list, books);
    const { data } = await ask(declared, '{ books { a: stock b: stock c: stock } }');
    expect(data?.['books']).toContainEqual({ a: 3, b: 3, c: null });
    expect(codesOf(await ask(declare(list, books), '{ a: books { stock } b: books { stock } }'))).toEqual([]);
  });

  it('counts once in each of several operations that run at the same time', async () => {
    const declared = declare(list, books);
    const results = await Promise.all([1, 2, 3].map(() => ask(declared, '{ books { stock } }')));
    expect(results.filter(({ errors }) => errors !== undefined)).toHaveLength(1);
  });

  it('is judged by the field of its own type where fragments put several in one place', async () => {
    const declared = declare(
      `type Query { all: [Any] }
       union Any = A | B
       type A { n: Int @rateLimit(limit: 10) }
       type B { n: Int @rateLimit(limit: 1) }`,
      {
        Query: {
          all: () => [
            { __typename: 'A', n: 1 },
            { __typename: 'B', n: 2 },
          ],
        },
      },
    );
    const source = '{ all { ... on A { n } ... on B { n } } }';
    expect((await ask(declared, source)).data).toEqual({ all: [{ n: 1 }, { n: 2 }] });
    expect((await ask(declared, source)).data).toEqual({ all: [{ n: 1 }, { n: null }] });
  });

  it('of an interface is judged by the field of the object that it finds', async () => {
    const declared = declare(
      `type Query { node: Node }
       interface Node { n: Int }
       type A implements Node { n: Int @rateLimit(limit: 1) }`,
      { Query: { node: () => ({ __typename: 'A', n: 1 }) } },
    );
    expect((await ask(declared, '{ node { n } }')).data).toEqual({ node: { n: 1 } });
    expect((await ask(declared, '{ node { n } }')).data).toEqual({ node: { n: null } });
  });
});

describe('a field with several limits', () => {
  const several = `type Query {
    f: Int @rateLimit(limit: 1, duration: 10) @rateLimit(limit: 2, duration: 100)
  }`;

  it('is denied by whichever is used up, and then takes from none', async () => {
    const declared = declare(several, { Query: { f: () => 1 } });
    const { errors } = await ask(declared, '{ a: f b: f c: f }');
    expect(errors?.map(({ extensions }) => extensions['policy'])).toEqual(['Query.f', 'Query.f']);
    declared.clock.advance(10);
    expect(codesOf(await ask(declared, '{ f }'))).toEqual([]);
    declared.clock.advance(10);
    const last = await ask(declared, '{ f }');
    expect(last.errors?.[0]?.extensions).toMatchObject({ policy: 'Query.f#2', limit: 2, retryAfter: 80 });
  });
});
