import { describe, expect, it } from 'vitest';
import { ask, codesOf, declare } from '../../support/declared.ts';
import { openPipeline } from '../../support/pipeline.ts';

describe('the errors of denied aliases', () => {
  it('each tell of their own place, limit and wait', async () => {
    const declared = declare(
      `type Query {
        f: Int @rateLimit(limit: 1, duration: 30)
        g(n: Int): Int @rateLimit(limit: 5, duration: 90, multipliers: ["n"])
      }`,
      { Query: { f: () => 1, g: () => 2 } },
    );
    const { data, errors } = await ask(declared, '{ a: f b: f x: g(n: 4) y: g(n: 2) z: g(n: 6) }');
    expect(data).toEqual({ a: 1, b: null, x: 2, y: null, z: null });
    expect(errors?.map(({ path, extensions }) => ({ path, ...extensions }))).toMatchObject([
      {
        path: ['b'],
        code: 'RATE_LIMITED',
        policy: 'Query.f',
        limit: 1,
        window: 30,
        cost: 1,
        remaining: 0,
        retryAfter: 30,
      },
      {
        path: ['y'],
        code: 'RATE_LIMITED',
        policy: 'Query.g',
        limit: 5,
        window: 90,
        cost: 2,
        remaining: 1,
        retryAfter: 90,
      },
      {
        path: ['z'],
        code: 'RATE_LIMIT_COST_EXCEEDED',
        policy: 'Query.g',
        limit: 5,
        window: 90,
        cost: 6,
        remaining: 1,
      },
    ]);
  });
});

describe('a list of objects that may not be null', () => {
  it('is answered whole where its limited field is allowed once', async () => {
    const declared = declare(
      'type Query { books: [Book!]! } type Book { title: String! @rateLimit(limit: 1) }',
      {
        Query: { books: () => Array.from({ length: 5 }, () => ({ title: 'x' })) },
      },
    );
    const { data, errors } = await ask(declared, '{ books { title } }');
    expect(errors).toBeUndefined();
    expect(data).toEqual({ books: Array(5).fill({ title: 'x' }) });
  });
});

describe('an outcome', () => {
  const sdl = `
    type Query { f: Int }
    type Mutation { f: Int @rateLimit(limit: 2, count: FAILURE) }
  `;
  const broken = (): never => {
    throw new Error('broken');
  };

  it('of one alias gives nothing back for another', async () => {
    let attempt = 0;
    const { run } = openPipeline(sdl, { Mutation: { f: () => (attempt++ % 2 === 0 ? broken() : 1) } });
    expect(codesOf(await run('mutation { a: f b: f }'))).toEqual(['INTERNAL_SERVER_ERROR']);
    expect(codesOf(await run('mutation { a: f b: f }'))).toEqual(['INTERNAL_SERVER_ERROR', 'RATE_LIMITED']);
    expect(codesOf(await run('mutation { f }'))).toEqual(['RATE_LIMITED']);
  });
});
