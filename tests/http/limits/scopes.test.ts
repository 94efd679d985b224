import { describe, expect, it } from 'vitest';
import { ask, askAll, codes } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { left, leftOf } from '../../support/fixtures/limited-fields.ts';
import { answered } from '../../support/self-declared.ts';

describeEngines((start) => {
  describe('limits on an object', () => {
    const typeDefs = `
      type Query @rateLimit(limit: 3) @rateLimit(limit: 4, duration: 3600) {
        left(of: String!): Int @rateLimitExempt
        a: Int
        b: Int
        own: Int @rateLimit(limit: 5)
        free: Int @rateLimitExempt
        item: Item @rateLimitExempt
      }
      extend type Query { later: Int }
      type Item @rateLimit(limit: 2) { x: Int y: Int z: Int @rateLimitExempt }`;
    const resolvers = { Query: { left, item: () => ({ x: 1 }) } };

    it('are the default of its fields, each with buckets of its own', async () => {
      const { url, clock } = await start({ typeDefs, resolvers });
      for (const [field, count] of Object.entries({ a: 3, b: 3, later: 3, own: 5, free: 12 }))
        expect(await answered(url, field)).toBe(count);
      clock.advance(60);
      for (const [field, count] of Object.entries({ a: 1, b: 1, later: 1, own: 5 }))
        expect(await answered(url, field)).toBe(count);
    });

    it('are the default on any type', async () => {
      const { url } = await start({ typeDefs, resolvers });
      const { body } = await ask(url, '{ item { a: x b: x c: x y z __typename } }');
      expect(body).toMatchObject({ data: { item: { c: null } }, errors: [{ path: ['item', 'c'] }] });
      expect(body.errors).toHaveLength(1);
      expect(await leftOf(url, 'Item.x')).toBe(0);
      expect(await leftOf(url, 'Item.y')).toBe(1);
    });
  });

  describe('a limit on the schema', () => {
    const typeDefs = `
      type Query {
        left(of: String!): Int @rateLimitExempt
        a: Int
        b: Int @rateLimit(limit: 2)
        free: Int @rateLimitExempt
        item: Item
      }
      type Item { x: Int }
      type Mutation { write: Int }
      extend schema @rateLimit(limit: 3)`;
    let ran: string[] = [];
    const run = (name: string) => (): number => ran.push(name);
    const resolvers = {
      Query: { left, a: run('a'), b: run('b'), free: run('free'), item: () => ({ x: 1 }) },
      Mutation: { write: run('write') },
    };

    async function open(): Promise<string> {
      ran = [];
      return (await start({ typeDefs, resolvers })).url;
    }

    it('is charged once an operation, whatever that selects', async () => {
      const url = await open();
      await ask(url, '{ a x: a y: a b item { x y: x } }');
      expect(await leftOf(url, 'schema')).toBe(2);
      await ask(url, 'mutation { write again: write }');
      expect(await leftOf(url, 'schema')).toBe(1);
    });

    it('counts every operation of a batch', async () => {
      const url = await open();
      const answers = await askAll(url, [
        '{ a }',
        '{ item { x } }',
        '{ free }',
        'mutation { write }',
        '{ a }',
      ]);
      expect(answers.map(codes)).toEqual([[], [], [], [], ['RATE_LIMITED']]);
    });

    it('does not count exempt fields and introspection', async () => {
      const url = await open();
      for (const query of [
        '{ free }',
        '{ __typename free }',
        '{ __schema { queryType { name } } }',
        '{ a @skip(if: true) free }',
      ])
        expect((await ask(url, query)).body.errors).toBeUndefined();
      expect(await leftOf(url, 'schema')).toBe(3);
    });

    it('denies everything but exempt fields and introspection once it is used up', async () => {
      const url = await open();
      for (let count = 0; count < 3; count += 1) await ask(url, '{ a }');
      ran = [];
      const rejected = await ask(url, '{ a item { x } }');
      expect(rejected.status).toBe(429);
      expect(rejected.body).toMatchObject({
        errors: [
          { path: ['a'], extensions: { policy: 'schema', limit: 3, cost: 1, retryAfter: 60 } },
          { path: ['item'], extensions: { policy: 'schema' } },
        ],
      });
      expect((await ask(url, 'mutation { write }')).status).toBe(429);
      const { status, body } = await ask(url, '{ a free __typename }');
      expect({ status, data: body.data }).toEqual({
        status: 200,
        data: { a: null, free: 1, __typename: 'Query' },
      });
      expect(codes(body)).toEqual(['RATE_LIMITED']);
      expect(ran).toEqual(['free']);
    });

    it('stands beside the limits of fields, and takes nothing from them when it denies', async () => {
      const url = await open();
      expect((await ask(url, '{ b x: b y: b }')).body.errors).toMatchObject([
        { path: ['y'], extensions: { policy: 'Query.b' } },
      ]);
      expect(await leftOf(url, 'schema')).toBe(2);
      for (let count = 0; count < 2; count += 1) await ask(url, '{ a }');
      expect((await ask(url, '{ b }')).body.errors).toMatchObject([{ extensions: { policy: 'schema' } }]);
      expect(await leftOf(url, 'Query.b')).toBe(0);
    });

    it('is not charged for an operation of which nothing is let through', async () => {
      const url = await open();
      await ask(url, '{ b x: b }');
      expect((await ask(url, '{ b }')).status).toBe(429);
      expect(await leftOf(url, 'schema')).toBe(2);
    });

    it.each([
      ['@rateLimit(limit: 1, count: FAILURE)', /schema: @rateLimit\(count: FAILURE\)/],
      ['@rateLimit(limit: 1, multipliers: ["first"])', /schema: .*there is no argument "first"/],
    ])('stops the start where it cannot work: %s', async (limit, message) => {
      const bare = `type Query { a: Int } extend schema ${limit}`;
      await expect(start({ typeDefs: bare })).rejects.toThrow(message);
    });
  });
});
