import { describe, expect, it } from 'vitest';
import { aliased, ask, askAll, askByGet, type Body } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { ada, createUser, login } from '../../support/people.ts';

const products = '{ products { id } }';
const on = { env: { RATE_LIMIT_EXTENSION: 'on' } };

function rateLimit(body: Body): unknown {
  return (body as { extensions?: { rateLimit?: unknown } }).extensions?.rateLimit;
}

describeEngines((start) => {
  describe('extensions.rateLimit', () => {
    it('tells of every bucket after the operation, where it is wanted', async () => {
      const { url, clock } = await start(on);
      const resetAt = new Date(clock.now() + 60_000).toISOString();
      const of = { mode: 'ENFORCE', window: 60, resetAt };
      const query = '{ a: products { id } b: products { id } product(id: 1) { id } }';
      for (const { body } of [await ask(url, query), await askByGet(url, { query })]) {
        expect(Object.keys(body)).toEqual(['data', 'extensions']);
      }
      expect(rateLimit((await ask(url, '{ products { id } product(id: 1) { id } }')).body)).toEqual([
        { ...of, policy: 'Query.products', limit: 5, cost: 1, remaining: 0 },
        { ...of, policy: 'Query.product', limit: 10, cost: 1, remaining: 7 },
      ]);
    });

    it('is on partial answers and on rejections', async () => {
      const { url } = await start(on);
      const denied = [{ policy: 'Query.products', limit: 5, remaining: 0 }];
      const partial = await ask(url, `{ ${aliased(6, 'products { id }')} }`);
      expect(partial.body.errors).toHaveLength(1);
      expect(rateLimit(partial.body)).toMatchObject([{ ...denied[0], cost: 6 }]);
      const rejected = await ask(url, products);
      expect(rejected.status).toBe(429);
      expect(Object.keys(rejected.body)).toEqual(['errors', 'extensions']);
      expect(rateLimit(rejected.body)).toMatchObject([{ ...denied[0], cost: 1 }]);
    });

    it('is of each operation of a batch its own', async () => {
      const { url } = await start(on);
      const answers = await askAll(url, [
        products,
        '{ health { status } }',
        '{ product(id: 1) { id } }',
        products,
      ]);
      const policies = answers.map((answer) => rateLimit(answer));
      expect(policies).toMatchObject([
        [{ policy: 'Query.products' }],
        undefined,
        [{ policy: 'Query.product', remaining: 9 }],
        [{ policy: 'Query.products' }],
      ]);
      const left = [policies[0], policies[3]].map(
        (entries) => (entries as [{ remaining: number }])[0].remaining,
      );
      expect(left.toSorted()).toEqual([3, 4]);
    });

    it('counts nothing that a success gives back', async () => {
      const { url, clock } = await start(on);
      await createUser(url, ada);
      await login(url, { ...ada, password: 'difference engine' });
      const { body } = await login(url, ada);
      expect(rateLimit(body)).toMatchObject([
        {
          policy: 'Mutation.login',
          remaining: 4,
          resetAt: new Date(clock.now() + 900_000).toISOString(),
        },
        { policy: 'Mutation.login.email', remaining: 19 },
        { policy: 'Mutation.login.ip', remaining: 49 },
      ]);
    });

    it('counts nothing of fields that count failures and were never reached', async () => {
      const { url } = await start({
        ...on,
        typeDefs: `type Query { ok: Int } type Mutation {
          failing: Int!
          guarded: Int @rateLimit(limit: 5, duration: 60, count: FAILURE)
        }`,
        resolvers: { Mutation: { failing: () => Promise.reject(new Error('no')), guarded: () => 1 } },
      });
      const { body, headers } = await ask(url, 'mutation { failing guarded }');
      expect(headers.get('ratelimit')).toBe('"Mutation.guarded";r=5');
      expect(rateLimit(body)).toMatchObject([{ policy: 'Mutation.guarded', remaining: 5, resetAt: null }]);
    });

    it('is absent where no limit applies', async () => {
      const { url } = await start(on);
      for (const query of ['{ health { status } }', '{ __typename }', '{ nothing }']) {
        expect((await ask(url, query)).body).not.toHaveProperty('extensions');
      }
    });

    it('is absent unless it is wanted', async () => {
      const { url } = await start();
      for (const query of [products, `{ ${aliased(5, 'products { id }')} }`, products]) {
        expect((await ask(url, query)).body).not.toHaveProperty('extensions');
      }
    });
  });
});
