import { describe, expect, it, vi } from 'vitest';
import { openPipeline } from '../support/pipeline.ts';

const sdl = `
  type Query {
    a: Int @rateLimit(limit: 1)
    b: Int @rateLimit(limit: 1)
    c: Int
    must: Int! @rateLimit(limit: 1)
    shop: Shop!
    maybe: Shop
    shops: [Shop!]!
  }
  type Shop { must: Int! @rateLimit(limit: 1) }
  type Mutation { a: Int @rateLimit(limit: 1) must: Int! @rateLimit(limit: 1) }
`;

function open() {
  const resolve = vi.fn(() => 1);
  const shop = { must: resolve };
  const fields = { a: resolve, b: resolve, c: resolve, must: resolve };
  const pipeline = openPipeline(sdl, {
    Query: { ...fields, shop: () => shop, maybe: () => shop, shops: () => [shop] },
    Mutation: { a: resolve, must: resolve },
  });
  return { ...pipeline, resolve };
}

describe('an operation of which nothing can be answered', () => {
  it.each([
    ['every root selection is denied', '{ a b }', ['a', 'b']],
    ['a denied root field may not be null', '{ c must }', ['must']],
    ['a denied field may not be null, nor anything above it', '{ c shop { must } }', ['shop.must']],
    ['this holds for one of its aliases', '{ x: must y: must }', ['y']],
    ['it is a mutation, of which nothing has run then', 'mutation { a must }', ['a', 'must']],
  ])('is rejected before it runs, without data: %s', async (_, source, places) => {
    const { run, resolve } = open();
    await run(source);
    resolve.mockClear();
    const result = await run(source);
    expect(result).not.toHaveProperty('data');
    expect(result.errors?.map(({ path }) => path?.join('.'))).toEqual(places);
    expect(result.errors?.map(({ locations }) => locations?.length)).toEqual(places.map(() => 1));
    expect(resolve).not.toHaveBeenCalled();
  });

  it('takes nothing for what was allowed in it', async () => {
    const { run } = open();
    await run('{ must }');
    expect(await run('{ a must }')).not.toHaveProperty('data');
    expect(await run('{ a }')).toMatchObject({ data: { a: 1 } });
  });
});

describe('an operation of which something can be answered', () => {
  it.each([
    ['{ a c }', { a: null, c: 1 }],
    ['{ a __typename }', { a: null, __typename: 'Query' }],
    ['{ a a2: a c @skip(if: true) b }', { a: null, a2: null, b: 1 }],
    ['{ maybe { must } }', { maybe: null }],
  ])('is answered: %s', async (source, data) => {
    const { run } = open();
    await run('{ a maybe { must } }');
    expect((await run(source)).data).toEqual(data);
  });

  it('is answered with data null where a list, which could have been empty, had an item', async () => {
    const { run } = open();
    await run('{ shops { must } }');
    const { data, errors } = await run('{ c shops { must } }');
    expect(data).toBeNull();
    expect(errors).toMatchObject([{ path: ['shops', 0, 'must'], extensions: { code: 'RATE_LIMITED' } }]);
  });
});
