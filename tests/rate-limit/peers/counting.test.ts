import { describe, expect, it } from 'vitest';
import { aliased } from '../../support/client.ts';
import { ask, codesOf, declare } from '../../support/declared.ts';
import { openPipeline } from '../../support/pipeline.ts';
import { distantStore } from './spied-store.ts';

const sdl = `
  type Query {
    f(first: Int): Int @rateLimit(limit: 100)
    free: Int
    shop: Shop
  }
  type Shop { f: Int @rateLimit(limit: 100, name: "shop") shop: Shop }
  type Mutation { f: Int @rateLimit(limit: 100) }
`;
const shop = (): object => ({ f: 1, shop });
const resolvers = { Query: { f: () => 1, free: () => 2, shop }, Mutation: { f: () => 1 } };

/** The units that an operation takes, by the names of the buckets. */
async function taken(source: string, variables?: Record<string, unknown>): Promise<Record<string, number>> {
  const declared = declare(sdl, resolvers);
  const { errors } = await ask(declared, source, variables && { variables });
  expect(errors).toBeUndefined();
  const states = await declared.limiter.status({ ip: 'local', tiers: [] });
  return Object.fromEntries(
    states.flatMap(({ policy, limit, remaining }) =>
      limit === remaining ? [] : [[policy.name, limit - remaining]],
    ),
  );
}

describe('a field counts', () => {
  it.each([
    ['once for each alias', '{ f a: f b: f }', 3],
    [
      'once where its duplicates are merged',
      '{ f f ...A ... { f } ... on Query { f } } fragment A on Query { f }',
      1,
    ],
    [
      'once where a named fragment is spread five times',
      '{ ...A ...A ...A ...A ...A } fragment A on Query { f }',
      1,
    ],
    [
      'in each alias that fragments of fragments ask for',
      '{ ...A a: f } fragment A on Query { b: f ...B } fragment B on Query { c: f b: f }',
      3,
    ],
    ['as a mutation as often as a query', 'mutation { f a: f b: f }', 3],
    ['not where nothing asks for it', '{ free __typename }', 0],
    [
      'not where only an introspection asks for its type',
      '{ free __schema { types { fields { name } } } }',
      0,
    ],
    ['not where it is skipped', '{ free f @skip(if: true) a: f @include(if: false) }', 0],
    ['where one of its duplicates is skipped and another is not', '{ f @skip(if: true) f }', 1],
    [
      'not where the fragment around it is skipped',
      '{ free ...A @skip(if: true) ... @include(if: false) { f } } fragment A on Query { f }',
      0,
    ],
  ])('%s', async (_, source, units) => {
    const counted = await taken(source);
    expect(Object.values(counted)).toEqual(units === 0 ? [] : [units]);
  });

  it('where a variable or its default says that it is asked for', async () => {
    const source =
      'query ($yes: Boolean! = true) { free f @include(if: $yes) a: f @skip(if: $yes) b: f @skip(if: $yes) }';
    expect(await taken(source)).toEqual({ 'Query.f': 1 });
    expect(await taken(source, { yes: false })).toEqual({ 'Query.f': 2 });
  });

  it('in each place, also where places have the same name', async () => {
    expect(await taken('{ f shop { f shop { f } } }')).toEqual({ 'Query.f': 1, shop: 2 });
    expect(await taken('{ a: shop { f } b: shop { f } }')).toEqual({ shop: 2 });
    expect(await taken('{ shop { f } ... { shop { f } } }')).toEqual({ shop: 1 });
  });
});

describe('a document of several operations', () => {
  const source = `
    query One { f }
    query Many { a: f b: f c: f d: f }
    mutation Other { f }
  `;

  it('is charged for the one that is named, and for no other', async () => {
    const { run } = openPipeline(
      'type Query { f: Int @rateLimit(limit: 4) } type Mutation { f: Int @rateLimit(limit: 1) }',
      { Query: { f: () => 1 }, Mutation: { f: () => 1 } },
    );
    expect(await run(source, { operationName: 'Many' })).toMatchObject({ data: { d: 1 } });
    expect(codesOf(await run(source, { operationName: 'One' }))).toEqual(['RATE_LIMITED']);
    expect(codesOf(await run(source, { operationName: 'Other' }))).toEqual([]);
    expect(codesOf(await run(source, { operationName: 'Other' }))).toEqual(['RATE_LIMITED']);
  });

  it('takes nothing where none is named', async () => {
    const { run } = openPipeline('type Query { f: Int @rateLimit(limit: 1) } type Mutation { f: Int }');
    expect(codesOf(await run(source))).toEqual(['OPERATION_RESOLUTION_FAILURE']);
    expect(codesOf(await run(source, { operationName: 'Another' }))).toEqual([
      'OPERATION_RESOLUTION_FAILURE',
    ]);
    expect(codesOf(await run(source, { operationName: 'One' }))).toEqual([]);
  });
});

describe('a limit on a store that answers later', () => {
  const limited = 'type Query { f: Int @rateLimit(limit: 3) g: Int }';

  it.each(['with the pipeline', 'on the bare schema'])(
    'allows 3 of 50 aliases, the first ones, %s',
    async (how) => {
      const parts = distantStore();
      const operation = `{ g ${aliased(50, 'f')} }`;
      const { data, errors } =
        how === 'with the pipeline'
          ? await openPipeline(limited, { Query: { f: () => 1 } }, parts).run(operation)
          : await ask(declare(limited, { Query: { f: () => 1 } }, parts), operation);
      expect(
        Object.entries(data ?? {})
          .filter(([, value]) => value === 1)
          .map(([name]) => name),
      ).toEqual(['a1', 'a2', 'a3']);
      expect(errors).toHaveLength(47);
    },
  );

  it('allows 3 of 50 operations that come at once', async () => {
    const { run } = openPipeline(limited, { Query: { f: () => 1 } }, distantStore());
    const replies = await Promise.all(Array.from({ length: 50 }, () => run('{ f }')));
    expect(replies.filter(({ errors }) => errors === undefined)).toHaveLength(3);
  });
});

describe('what is denied', () => {
  it('is the last in the document, whatever order fragments are written in', async () => {
    const declared = declare('type Query { f: Int @rateLimit(limit: 3) }', { Query: { f: () => 1 } });
    const { data } = await ask(
      declared,
      'fragment Late on Query { y: f } { z: f ...Early a: f ...Late b: f } fragment Early on Query { x: f }',
    );
    expect(data).toEqual({ z: 1, x: 1, a: 1, y: null, b: null });
  });

  it('does not keep from what comes later and costs less', async () => {
    const declared = declare('type Query { f(n: Int): Int @rateLimit(limit: 10, multipliers: ["n"]) }', {
      Query: { f: () => 1 },
    });
    const { data } = await ask(declared, '{ a: f(n: 8) b: f(n: 5) c: f(n: 2) d: f(n: 1) }');
    expect(data).toEqual({ a: 1, b: null, c: 1, d: null });
  });
});
