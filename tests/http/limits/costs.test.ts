import { describe, expect, it } from 'vitest';
import type { Start } from '../../support/app.ts';
import { ask, codes } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { left, leftOf } from '../../support/fixtures/limited-fields.ts';

/** Starts an app with the field `left`, which tells what is left of a limit, and others. */
async function startWith(start: Start, fields: string, resolvers: object = {}, types = ''): Promise<string> {
  const typeDefs = `type Query { left(of: String!): Int ${fields} } ${types}`;
  return (await start({ typeDefs, resolvers: { ...resolvers, Query: { left, ...queryOf(resolvers) } } })).url;
}

function queryOf(resolvers: object): object {
  return 'Query' in resolvers ? (resolvers.Query as object) : {};
}

describeEngines((start) => {
  describe('the cost of a selection', () => {
    it('may differ between fields that share a bucket', async () => {
      const url = await startWith(
        start,
        `a: Int @rateLimit(name: "n", limit: 10) b: Int @rateLimit(name: "n", limit: 10, cost: 4)
         c: Int @rateLimit(name: "n", limit: 10, cost: 7)`,
      );
      const { body } = await ask(url, '{ a b x: b y: b z: a }');
      expect(body.errors).toMatchObject([
        { path: ['y'], extensions: { policy: 'n', limit: 10, cost: 4, remaining: 0 } },
      ]);
      expect(await leftOf(url, 'n')).toBe(0);
      expect(codes((await ask(url, '{ c left(of: "n") }')).body)).toEqual(['RATE_LIMITED']);
    });

    const many = `many(first: Int = 5, ids: [ID], page: Page): Int
      @rateLimit(limit: 1000, cost: 2, multipliers: ["first", "ids", "page.size"])`;
    const page = 'input Page { size: Int = 3, of: Page }';

    it.each([
      ['a default', 'many', {}, 10],
      ['an Int', 'many(first: 7)', {}, 14],
      ['a variable', 'many(first: $first)', { first: 9 }, 18],
      ['a variable that has a default', 'many(first: $four)', {}, 8],
      ['a variable that is absent', 'many(first: $first)', {}, 10],
      ['null, which stands for the default', 'many(first: null)', {}, 10],
      ['0, as by 1', 'many(first: 0)', {}, 2],
      ['less than 0, as by 1', 'many(first: -7)', {}, 2],
      ['a list', 'many(first: 1, ids: [1, 2, $id])', {}, 6],
      ['a value that stands for a list of it', 'many(first: 1, ids: 8)', {}, 2],
      ['an empty list, as by 1', 'many(ids: [])', {}, 10],
      ['a nested null', 'many(first: 1, page: { size: null })', {}, 6],
      ['a nested argument', 'many(first: 1, page: { size: 4 })', {}, 8],
      ['the default of a nested argument', 'many(first: 1, page: {})', {}, 6],
      ['a nested argument of a variable', 'many(first: 1, page: $page)', { page: { size: 6 } }, 12],
      ['several', 'many(first: 3, ids: [1, 2], page: { size: 5 })', {}, 60],
    ])('is multiplied by %s', async (_title, field, variables, cost) => {
      const url = await startWith(start, many, {}, page);
      const query = `query ($first: Int, $four: Int = 4, $id: ID, $page: Page) { ${field} ${unused} }`;
      expect((await ask(url, query, { variables })).body.errors).toBeUndefined();
      expect(await leftOf(url, 'Query.many')).toBe(1000 - cost);
    });

    it('goes by what the field is given, also by a variable that objects have already', async () => {
      const given = (_: unknown, { first }: { first: number }) => first;
      const url = await startWith(start, many, { Query: { many: given } }, page);
      const variables = JSON.parse('{ "__proto__": 1, "constructor": 2 }') as Record<string, unknown>;
      const query = `query ($__proto__: Int, $constructor: Int) {
        a: many(first: $__proto__) b: many(first: $constructor)
      }`;
      const { data } = (await ask(url, query, { variables })).body;
      const sum = Number(data?.['a']) + Number(data?.['b']);
      expect(await leftOf(url, 'Query.many')).toBe(1000 - 2 * sum);
    });

    it('that is above the limit can never be had, takes nothing and names no wait', async () => {
      const url = await startWith(start, many, {}, page);
      const first = 2_147_483_647;
      const huge = `many(first: ${first}, ids: [1, 2, 3], page: { size: ${first} })`;
      const { status, headers, body } = await ask(url, `{ ${huge} }`);
      expect({ status, codes: codes(body) }).toEqual({ status: 429, codes: ['RATE_LIMIT_COST_EXCEEDED'] });
      expect(headers.has('retry-after')).toBe(false);
      const cost = Number(body.errors?.[0]?.extensions?.['cost']);
      expect(Number.isSafeInteger(cost)).toBe(true);
      expect(cost).toBeGreaterThan(first);
      expect(await leftOf(url, 'Query.many')).toBe(1000);
      expect((await ask(url, `{ a: ${huge} many }`)).body).toMatchObject({ data: { a: null, many: null } });
      expect(await leftOf(url, 'Query.many')).toBe(990);
    });

    it('is none where the arguments are no good, and the client hears of that', async () => {
      const url = await startWith(start, many, {}, page);
      const query = 'query ($size: Int!) { many(page: { size: $size }) }';
      expect(codes((await ask(url, query, { variables: { size: 'x' } })).body)).toEqual(['BAD_USER_INPUT']);
      expect(await leftOf(url, 'Query.many')).toBe(1000);
    });
  });

  describe('what lies under an abstract type', () => {
    const types = `
      interface Node { id: ID }
      union Any = A | B
      type A implements Node { id: ID x: Int @rateLimit(name: "n", limit: 100, cost: 2) w: Int @rateLimit }
      type B implements Node { id: ID y: Int @rateLimit(name: "n", limit: 100, cost: 5) x: Int @rateLimit }`;
    const one = () => ({ __typename: 'A', x: 1 });
    const resolvers = { Query: { node: one, any: one } };

    it.each([
      ['node', '... on A { x } ... on B { y }', { n: 95, 'B.x': 60 }],
      ['any', '... on A { x } ... on B { y }', { n: 95, 'B.x': 60 }],
      ['any', '... on A { x a: x b: x } ... on B { y }', { n: 94, 'B.x': 60 }],
      ['any', '... on A { x w } ... on B { x y }', { n: 95, 'A.w': 59, 'B.x': 59 }],
      ['any', '... on A { x } ... on Node { ... on A { x } id }', { n: 98, 'B.x': 60 }],
    ])('is charged what the costliest type takes: %s { %s }', async (field, selection, remaining) => {
      const url = await startWith(start, 'node: Node any: Any', resolvers, types);
      expect((await ask(url, `{ ${field} { ${selection} } }`)).body.errors).toBeUndefined();
      for (const [policy, units] of Object.entries(remaining)) expect(await leftOf(url, policy)).toBe(units);
    });
  });

  describe('what lies under a denied field', () => {
    it('is not charged, and its resolver does not run', async () => {
      const seen: string[] = [];
      const types = 'type Shop { dear: Int @rateLimit shop: Shop @rateLimit(limit: 1) }';
      const dear = (): void => void seen.push('dear');
      const resolvers = { Query: { shop: () => ({}) }, Shop: { dear, shop: () => ({}) } };
      const url = await startWith(start, 'shop: Shop @rateLimit(limit: 2)', resolvers, types);
      await ask(url, '{ shop { dear shop { dear } } }');
      expect([await leftOf(url, 'Shop.dear'), seen.length]).toEqual([58, 2]);
      const { body } = await ask(url, '{ shop { dear shop { dear } } other: shop { dear } }');
      expect(body).toMatchObject({
        data: { shop: { dear: null, shop: null }, other: null },
        errors: [{ path: ['shop', 'shop'] }, { path: ['other'] }],
      });
      expect([await leftOf(url, 'Shop.dear'), seen.length]).toEqual([57, 3]);
    });
  });
});

/** Uses every variable, so that each may be left out of what is tested. */
const unused =
  '... @include(if: false) { u: many(first: $first) v: many(first: $four) w: many(ids: [$id]) x: many(page: $page) }';
