import { describe, expect, it } from 'vitest';
import { ask, askAll, codes } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';

const typeDefs = `
  schema @rateLimit(name: "app", unit: COST, limit: 100, duration: 60, by: [IP]) { query: Query }
  type Query {
    users(first: Int = 10): [User!] @listSize(slicingArguments: ["first"]) @rateLimit(unit: COST, limit: 30)
    free(first: Int = 10): [User!] @listSize(slicingArguments: ["first"])
  }
  type User { id: ID! friends(first: Int = 2): [User!] @listSize(slicingArguments: ["first"]) }
`;
const many = (_: unknown, { first }: { first: number }) =>
  Array.from({ length: first }, (__, id) => ({ id }));
let runs = 0;
const resolvers = {
  Query: {
    users: many,
    free(source: unknown, args: { first: number }) {
      runs += 1;
      return many(source, args);
    },
  },
  User: { friends: many },
};

describeEngines((start) => {
  describe('the cost of an operation', () => {
    it('is counted by limits, of a field with everything below it', async () => {
      const { url } = await start({ typeDefs, resolvers });
      const { headers, body } = await ask(url, '{ users(first: 4) { id friends(first: 3) { id } } }');
      expect(body.errors).toBeUndefined();
      expect(headers.get('ratelimit-policy')).toBe(
        '"app";q=100;qu="cost";w=60, "Query.users";q=30;qu="cost";w=60',
      );
      expect(headers.get('ratelimit')).toContain('"app";r=84;t=60, "Query.users";r=14;t=60');
    });

    it('is denied as a whole where it is more than is left, or than there can be', async () => {
      const { url } = await start({ typeDefs, resolvers });
      await ask(url, '{ users(first: 25) { id } }');
      expect(codes((await ask(url, '{ users(first: 6) { id } }')).body)).toEqual(['RATE_LIMITED']);
      expect(codes((await ask(url, '{ users(first: 31) { id } }')).body)).toEqual([
        'RATE_LIMIT_COST_EXCEEDED',
      ]);
      expect((await ask(url, '{ users(first: 5) { id } }')).body.errors).toBeUndefined();
    });

    it('is told where that is wanted', async () => {
      const { url } = await start({ typeDefs, resolvers, env: { COST_EXTENSION: 'on', MAX_COST: '500' } });
      const { body } = await ask(url, '{ users(first: 4) { id } }');
      expect(body).toMatchObject({
        extensions: { cost: { requested: 4, maximum: 500, limit: 30, remaining: 26, restoreRate: 0.5 } },
      });
    });

    it('may be no more than a bound, and nothing runs or is charged where it is', async () => {
      const { url } = await start({ typeDefs, resolvers, env: { MAX_COST: '50', MAX_VALUES: '80' } });
      runs = 0;
      const dear = await ask(url, 'query ($n: Int) { free(first: $n) { id } }', { variables: { n: 51 } });
      expect(dear.body.errors).toMatchObject([
        {
          message: expect.stringMatching(
            /takes up to 51 units of cost, and a request may take 50 \(MAX_COST\)/,
          ) as string,
          extensions: { code: 'COST_EXCEEDED', cost: 51, limit: 50, bound: 'MAX_COST' },
        },
      ]);
      expect(dear.headers.get('ratelimit')).toBeNull();
      const wide = await ask(url, '{ free(first: 40) { id a: id } }');
      expect(wide.body.errors).toMatchObject([
        { extensions: { code: 'COST_EXCEEDED', bound: 'MAX_VALUES' } },
      ]);
      expect(runs).toBe(0);
    });

    it('is that of all operations of a batch together, in their order', async () => {
      const { url } = await start({ typeDefs, resolvers, env: { MAX_COST: '50' } });
      const bodies = await askAll(url, [
        '{ free(first: 30) { id } }',
        '{ free(first: 30) { id } }',
        '{ free(first: 20) { id } }',
      ]);
      expect(bodies.map((body) => body.errors?.[0]?.extensions?.['code'])).toEqual([
        undefined,
        'COST_EXCEEDED',
        undefined,
      ]);
    });

    it('counts as an invalid request where it is more', async () => {
      const { url } = await start({
        typeDefs,
        resolvers,
        env: { MAX_COST: '50', INVALID_REQUEST_LIMIT: '2 per minute' },
      });
      const found = [];
      for (let count = 0; count < 3; count += 1)
        found.push(...codes((await ask(url, '{ free(first: 99) { id } }')).body));
      expect(found).toEqual(['COST_EXCEEDED', 'COST_EXCEEDED', 'RATE_LIMITED']);
    });

    it('lets tools read the schema once, but not many times in one request', async () => {
      const { url } = await start({ env: { DOCUMENT_FIELDS: '20000' } });
      const { getIntrospectionQuery } = await import('graphql');
      const query = getIntrospectionQuery({
        descriptions: true,
        specifiedByUrl: true,
        directiveIsRepeatable: true,
        schemaDescription: true,
        inputValueDeprecation: true,
        oneOf: true,
      });
      expect((await ask(url, query)).body.errors).toBeUndefined();
      const schema = query
        .slice(query.indexOf('__schema {') + 10, query.indexOf('fragment FullType'))
        .trim()
        .slice(0, -1)
        .trim()
        .slice(0, -1);
      const fragments = query.slice(query.indexOf('fragment FullType'));
      const often = Array.from({ length: 16 }, (_, n) => `a${n}: __schema { ${schema} }`).join(' ');
      expect(codes((await ask(url, `{ ${often} } ${fragments}`)).body)).toEqual(['COST_EXCEEDED']);
    });
  });
});
