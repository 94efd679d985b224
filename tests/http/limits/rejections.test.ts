import { describe, expect, it } from 'vitest';
import { aliased, ask, codes } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { retryAfter, told } from '../../support/told-limits.ts';

const products = '{ products { id } }';
const five = `{ ${aliased(5, 'products { id }')} }`;
const [json, graphqlJson] = ['application/json', 'application/graphql-response+json'];

const dear = 'type Query { dear(n: Int! = 1): Int @rateLimit(limit: 3, duration: 60, multipliers: ["n"]) }';
const resolvers = { Query: { dear: (_: unknown, { n }: { n: number }) => n } };

describeEngines((start) => {
  describe('an operation that limits reject', () => {
    it.each([
      ['429', json, 429],
      ['429', graphqlJson, 429],
      ['200', json, 200],
      ['200', graphqlJson, 429],
    ])(
      'with REJECT_STATUS=%s is answered as %s with %i and no data',
      async (REJECT_STATUS, accept, status) => {
        const { url } = await start({ env: { REJECT_STATUS } });
        await ask(url, five);
        const rejected = await ask(url, products, { headers: { accept } });
        expect(rejected.status).toBe(status);
        expect(Object.keys(rejected.body)).toEqual(['errors']);
        expect(codes(rejected.body)).toEqual(['RATE_LIMITED']);
        expect(retryAfter(rejected)).toBe(60);
      },
    );

    it('has an error for each denied selection at its path, with the place in the document', async () => {
      const { url } = await start();
      await ask(url, five);
      const { status, body } = await ask(url, '{ products { id }\n  more: products { name } }');
      expect(status).toBe(429);
      expect(body.errors).toMatchObject([
        { path: ['products'], locations: [{ line: 1, column: 3 }] },
        { path: ['more'], locations: [{ line: 2, column: 3 }] },
      ]);
    });

    it('runs no resolver, also none of the fields that limits allow', async () => {
      const ran: string[] = [];
      const { url } = await start({
        typeDefs: `type Query { vital: Int! @rateLimit(limit: 1, duration: 60) free: Int }
          type Mutation { first: Int write: Int! @rateLimit(limit: 1, duration: 60) }`,
        resolvers: {
          Query: { vital: () => ran.push('vital'), free: () => ran.push('free') },
          Mutation: { first: () => ran.push('first'), write: () => ran.push('write') },
        },
      });
      await ask(url, '{ vital }');
      await ask(url, 'mutation { write }');
      for (const query of ['{ free vital }', 'mutation { first write }', '{ vital }']) {
        expect((await ask(url, query)).status).toBe(429);
      }
      expect(ran).toEqual(['vital', 'write']);
    });
  });

  describe('a partial answer', () => {
    it.each([json, graphqlJson])('is 200 as %s, and runs no resolver of what it lacks', async (accept) => {
      let runs = 0;
      const { url } = await start({
        typeDefs: 'type Query { dear: Int @rateLimit(limit: 1, duration: 60) free: Int }',
        resolvers: { Query: { dear: () => (runs += 1), free: () => 0 } },
      });
      const { status, body } = await ask(url, '{ dear free more: dear }', { headers: { accept } });
      expect(status).toBe(200);
      expect(body.data).toEqual({ dear: 1, free: 0, more: null });
      expect(body.errors).toMatchObject([{ path: ['more'], extensions: { code: 'RATE_LIMITED' } }]);
      expect(runs).toBe(1);
    });

    it('lacks a denied field of each item of a list, with the errors at their paths', async () => {
      const { url } = await start({
        typeDefs:
          'type Query { all: [Item!] } type Item { id: Int dear: Int @rateLimit(limit: 1, duration: 60) }',
        resolvers: { Query: { all: () => [{ id: 1 }, { id: 2 }] }, Item: { dear: () => 1 } },
      });
      await ask(url, '{ all { dear } }');
      const { status, body } = await ask(url, '{ all { id dear } }');
      expect(status).toBe(200);
      expect(body.data).toEqual({
        all: [
          { id: 1, dear: null },
          { id: 2, dear: null },
        ],
      });
      expect(body.errors?.map(({ path }) => path)).toEqual([
        ['all', 0, 'dear'],
        ['all', 1, 'dear'],
      ]);
    });
  });

  describe('a cost above the limit', () => {
    it('is an error that names no time to come back', async () => {
      const { url } = await start({ typeDefs: dear, resolvers });
      const { status, body } = await ask(url, '{ dear(n: 4) }');
      expect(status).toBe(429);
      expect(body).toEqual({
        errors: [
          {
            message: 'This costs 4, which is above the limit of 3.',
            path: ['dear'],
            locations: [{ line: 1, column: 3 }],
            extensions: {
              code: 'RATE_LIMIT_COST_EXCEEDED',
              policy: 'Query.dear',
              limit: 3,
              window: 60,
              cost: 4,
              remaining: 3,
            },
          },
        ],
      });
    });

    it('takes nothing, and is told beside what is answered', async () => {
      const { url } = await start({ typeDefs: dear, resolvers });
      const { body, ...answered } = await ask(url, '{ dear(n: 9) a: dear(n: 2) }');
      expect([answered.status, body.data]).toEqual([200, { dear: null, a: 2 }]);
      expect(codes(body)).toEqual(['RATE_LIMIT_COST_EXCEEDED']);
      expect(told(answered)).toEqual({ 'Query.dear': { q: 3, w: 60, r: 1, t: 60 } });
      expect(retryAfter(answered)).toBeUndefined();
    });

    it('has REJECT_STATUS as any other rejection', async () => {
      const { url } = await start({ typeDefs: dear, resolvers, env: { REJECT_STATUS: '200' } });
      expect((await ask(url, '{ dear(n: 4) }')).status).toBe(200);
    });
  });
});
