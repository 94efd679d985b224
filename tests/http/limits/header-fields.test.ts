import { describe, expect, it } from 'vitest';
import { aliased, ask } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { ada, createUser, login } from '../../support/people.ts';
import { limitFieldNames, retryAfter, told } from '../../support/told-limits.ts';

const products = '{ products { id } }';
const search = 'searchProducts(query: "tea") { id }';
const [burst, daily] = ['Query.searchProducts.burst', 'Query.searchProducts.daily'];
const standard = ['ratelimit', 'ratelimit-policy'];

describeEngines((start) => {
  describe('the header fields of limits', () => {
    it('tell what is left after the operation, and until when', async () => {
      const { url, clock } = await start();
      const { headers } = await ask(url, products);
      expect(headers.get('ratelimit-policy')).toBe('"Query.products";q=5;w=60');
      expect(headers.get('ratelimit')).toBe('"Query.products";r=4;t=60');
      clock.advance(10);
      const later = await ask(url, `{ ${aliased(2, 'products { id }')} }`);
      expect(told(later)).toEqual({ 'Query.products': { q: 5, w: 60, r: 2, t: 50 } });
      expect(limitFieldNames(later.headers)).toEqual(standard);
    });

    it('are on partial answers and on rejections, with the wait', async () => {
      const { url, clock } = await start();
      const partial = await ask(url, `{ ${aliased(6, 'products { id }')} }`);
      expect(partial.status).toBe(200);
      expect(told(partial)).toEqual({ 'Query.products': { q: 5, w: 60, r: 0, t: 60 } });
      expect(retryAfter(partial)).toBe(60);
      clock.advance(20);
      const rejected = await ask(url, products);
      expect(rejected.status).toBe(429);
      expect(told(rejected)).toEqual({ 'Query.products': { q: 5, w: 60, r: 0, t: 40 } });
      expect(retryAfter(rejected)).toBe(40);
    });

    it('name every policy of a field, also the one that a denial takes nothing from', async () => {
      const { url } = await start();
      expect(told(await ask(url, `{ ${search} }`))).toEqual({
        [burst]: { q: 10, w: 60, r: 9, t: 60 },
        [daily]: { q: 200, w: 86_400, r: 199, t: 86_400 },
      });
      await ask(url, `{ ${aliased(9, search)} }`);
      const rejected = await ask(url, `{ ${search} }`);
      expect(told(rejected)).toMatchObject({ [burst]: { r: 0, t: 60 }, [daily]: { r: 190, t: 86_400 } });
      expect(retryAfter(rejected)).toBe(60);
    });

    it('name the policies of every selection, and one that is shared once', async () => {
      const { url } = await start();
      const query = '{ popularProducts { id } product(id: 1) { id } newProducts { id } health { status } }';
      expect(told(await ask(url, query))).toEqual({
        products: { q: 20, w: 60, r: 18, t: 60 },
        'Query.product': { q: 10, w: 60, r: 9, t: 60 },
      });
    });

    it("tell of the caller's own tier, and of no policy that does not limit it", async () => {
      const { url, by } = await start({ keys: { chief: ['ADMIN'], partner: ['PAID'] } });
      const query = '{ roleBasedProducts { id } user(id: 1) { id } }';
      expect(told(await ask(url, query, { headers: by.chief }))).toEqual({
        'Query.roleBasedProducts': { q: 100, w: 60, r: 99, t: 60 },
      });
      const limits = {
        'Query.roleBasedProducts': { q: 10, w: 60, r: 9, t: 60 },
        'Query.user': { q: 10, w: 60, r: 9, t: 60 },
      };
      expect(told(await ask(url, query))).toEqual(limits);
      expect(told(await ask(url, query, { headers: by.partner }))).toEqual({
        address: { q: 1000, w: 60, r: 999, t: 60 },
        ...limits,
      });
      const free = await ask(url, '{ user(id: 1) { id } }', { headers: by.chief });
      expect(limitFieldNames(free.headers)).toEqual([]);
    });

    it('tell of the tightest of the buckets that one policy has for different arguments', async () => {
      const { url, clock } = await start();
      const attempt = (email: string) => `login(input: { email: "${email}", password: "x" }) { token }`;
      await ask(url, `mutation { ${aliased(2, attempt('grace@example.com'))} }`);
      clock.advance(100);
      const query = `mutation { a: ${attempt('ada@example.com')} b: ${attempt('grace@example.com')} }`;
      expect(told(await ask(url, query))).toEqual({
        'Mutation.login': { q: 5, w: 900, r: 2, t: 900 },
        'Mutation.login.email': { q: 20, w: 900, r: 17, t: 900 },
        'Mutation.login.ip': { q: 50, w: 900, r: 46, t: 900 },
      });
    });

    it('agree with what the error of a denial says', async () => {
      const { url, clock } = await start();
      await ask(url, `{ ${aliased(5, 'products { id }')} }`);
      clock.advance(12.3);
      const { body, ...denied } = await ask(url, '{ products { id } users { id } }');
      const { q, w, r, t } = told(denied)['Query.products'] ?? {};
      const resetAt = new Date(clock.now() + 47_700).toISOString();
      const wait = { retryAfter: retryAfter(denied), resetAt };
      expect(body.errors).toMatchObject([{ extensions: { limit: q, window: w, remaining: r, ...wait } }]);
      expect([t, wait.retryAfter]).toEqual([48, 48]);
    });

    it('do not count what a success gives back', async () => {
      const { url } = await start();
      await createUser(url, ada);
      await login(url, { ...ada, password: 'difference engine' });
      const { body, ...succeeded } = await login(url, ada);
      expect(body.errors).toBeUndefined();
      expect(told(succeeded)).toMatchObject({
        'Mutation.login': { r: 4 },
        'Mutation.login.email': { r: 19 },
        'Mutation.login.ip': { r: 49 },
      });
    });

    it('do not count what a rejection gives back', async () => {
      const { url } = await start({
        typeDefs: `type Query {
          vital: Int! @rateLimit(limit: 1, duration: 60)
          other: Int @rateLimit(limit: 5, duration: 60)
        }`,
        resolvers: { Query: { vital: () => 1, other: () => 2 } },
      });
      await ask(url, '{ vital other }');
      const rejected = await ask(url, '{ other vital }');
      expect(rejected.status).toBe(429);
      expect(told(rejected)).toMatchObject({ 'Query.other': { r: 4 }, 'Query.vital': { r: 0 } });
      expect(told(await ask(url, '{ other }'))).toMatchObject({ 'Query.other': { r: 3 } });
    });

    it('tell of the limit of whole operations, once an operation, unless all of it is exempt', async () => {
      const { url } = await start({
        typeDefs: `
          schema @rateLimit(name: "operations", limit: 3, duration: 60) { query: Query }
          type Query { plain: Int dear: Int @rateLimit(limit: 5, duration: 10) free: Int @rateLimitExempt }
        `,
        resolvers: { Query: { plain: () => 1, dear: () => 2, free: () => 3 } },
      });
      expect(told(await ask(url, '{ plain dear a: dear }'))).toEqual({
        operations: { q: 3, w: 60, r: 2, t: 60 },
        'Query.dear': { q: 5, w: 10, r: 3, t: 10 },
      });
      expect(limitFieldNames((await ask(url, '{ free __typename }')).headers)).toEqual([]);
      await ask(url, '{ plain }');
      await ask(url, '{ free plain }');
      const partial = await ask(url, '{ free plain dear }');
      expect(partial.body.data).toEqual({ free: 3, plain: null, dear: null });
      expect(partial.body.errors).toMatchObject([
        { path: ['plain'], extensions: { policy: 'operations', limit: 3 } },
        { path: ['dear'], extensions: { policy: 'operations', limit: 3 } },
      ]);
      expect(told(partial)).toMatchObject({ operations: { r: 0 }, 'Query.dear': { r: 3 } });
      expect((await ask(url, '{ plain }')).status).toBe(429);
    });
  });
});
