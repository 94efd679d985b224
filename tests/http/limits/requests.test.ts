import { describe, expect, it } from 'vitest';
import { aliased, ask, askByGet, codes, type Reply, send } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { remaining } from '../../support/told-limits.ts';
import { limitFieldNames, retryAfter, told } from '../../support/told-limits.ts';

const products = '{ products { id } }';
const five = `{ ${aliased(5, 'products { id }')} }`;

/** Sends operations as a batch. */
function batch(url: string, queries: readonly string[]): Promise<Reply> {
  return send(
    url,
    queries.map((query) => ({ query })),
  );
}

describeEngines((start) => {
  describe('a batch', () => {
    it.each(['429', '200'])(
      'is 200 with REJECT_STATUS=%s, and each operation has its own errors',
      async (value) => {
        const { url } = await start({ env: { REJECT_STATUS: value } });
        const two = '{ more: products(first: 1) { id } last: products { id } }';
        const four = Array<string>(4).fill(products);
        const reply = await batch(url, [...four, two, products, '{ health { status } }']);
        const answers = reply.body as unknown as Record<string, unknown>[];
        expect(reply.status).toBe(200);
        expect(answers.slice(0, 4).map((answer) => Object.keys(answer))).toEqual(four.map(() => ['data']));
        expect(answers[4]).toMatchObject({
          data: { more: [{ id: '1' }], last: null },
          errors: [{ path: ['last'] }],
        });
        expect(answers[5]).toMatchObject({ errors: [{ path: ['products'] }] });
        expect(answers[5]).not.toHaveProperty('data');
        expect(answers[6]).toEqual({ data: { health: { status: 'OK' } } });
      },
    );

    it('has one entry a policy, with what is left after all of it', async () => {
      const { url, clock } = await start();
      await ask(url, '{ product(id: 1) { id } }');
      clock.advance(10);
      const both = '{ product(id: 1) { id } products { id } }';
      const reply = await batch(url, [products, both, '{ health { status } }', products]);
      expect(told(reply)).toEqual({
        'Query.products': { q: 5, w: 60, r: 2, t: 60 },
        'Query.product': { q: 10, w: 60, r: 8, t: 50 },
      });
      expect(retryAfter(reply)).toBeUndefined();
    });

    it('has no fields of limits where none of its operations is limited', async () => {
      const { url } = await start();
      const { headers } = await batch(url, ['{ health { status } }', '{ __typename }', '{ nothing }']);
      expect(limitFieldNames(headers)).toEqual([]);
    });

    it('of which everything is rejected has the longest wait', async () => {
      const { url, clock } = await start();
      await ask(url, `{ ${aliased(10, 'product(id: 1) { id }')} }`);
      clock.advance(25);
      await ask(url, five);
      const reply = await batch(url, ['{ product(id: 1) { id } }', products, '{ product(id: 2) { id } }']);
      expect([reply.status, retryAfter(reply)]).toEqual([200, 60]);
      expect(told(reply)).toMatchObject({
        'Query.product': { r: 0, t: 35 },
        'Query.products': { r: 0, t: 60 },
      });
    });
  });

  describe('an operation of a caller who is refused everything', () => {
    it('takes nothing and gives nothing back', async () => {
      const { url, clock } = await start({ env: { META_LIMIT: '1 per 10 seconds' } });
      await ask(url, `{ ${aliased(6, 'products { id }')} }`);
      for (let count = 0; count < 3; count += 1) {
        const refused = await ask(url, products);
        expect(refused.body.errors).toMatchObject([{ extensions: { policy: 'sluice.denials' } }]);
        expect(told(refused)).toEqual({
          'Query.products': { q: 5, w: 60, r: 0, t: 60 },
          'sluice.denials': { q: 1, w: 10, r: 0, t: 10 },
        });
      }
      clock.advance(10);
      expect(await remaining(url, 'Query.products')).toBe(0);
    });
  });

  describe('an operation by GET', () => {
    it('is told of limits as by POST: allowed, in part, rejected', async () => {
      const [one, other] = [await start(), await start()];
      for (const query of [products, five, products]) {
        const [get, post] = [await askByGet(one.url, { query }), await ask(other.url, query)];
        const seen = [get, post].map((reply) => [reply.status, reply.body, told(reply), retryAfter(reply)]);
        expect(seen[0]).toEqual(seen[1]);
      }
      const { status, headers } = await askByGet(one.url, { query: products });
      expect([status, headers.get('cache-control')]).toEqual([429, 'no-store']);
    });

    it('that would be a mutation takes nothing', async () => {
      const { url } = await start();
      const query = 'mutation { createUser(input: { name: "", email: "", password: "" }) { id } }';
      const { status, body, ...refused } = await askByGet(url, { query });
      expect([status, codes(body)]).toEqual([405, ['METHOD_NOT_ALLOWED']]);
      expect(told(refused)).toEqual({});
      expect(await remaining(url, 'Mutation.createUser')).toBe(3);
    });
  });

  describe('a browser', () => {
    const origin = 'https://shop.example';

    it('may read the fields of limits, also of a rejection', async () => {
      const { url } = await start();
      for (const query of [five, products]) {
        const { headers } = await ask(url, query, { headers: { origin } });
        const exposed = headers.get('access-control-expose-headers')?.toLowerCase().split(',') ?? [];
        const fields = ['retry-after', 'ratelimit', 'ratelimit-policy'];
        const legacy = ['limit', 'remaining', 'reset'].map((name) => `x-ratelimit-${name}`);
        expect(exposed).toEqual(expect.arrayContaining([...fields, ...legacy]));
      }
    });

    it('may ask before it asks, at no cost and however often it was rejected', async () => {
      const { url } = await start({ env: { INVALID_REQUEST_LIMIT: '1 per minute' } });
      const path = `/graphql?${new URLSearchParams({ query: products }).toString()}`;
      const headers = { origin, 'access-control-request-method': 'GET' };
      for (let count = 0; count < 7; count += 1) {
        const preflight = await fetch(url + path, { method: 'OPTIONS', headers });
        expect([preflight.status, limitFieldNames(preflight.headers)]).toEqual([204, []]);
        expect(await remaining(url, 'Query.products')).toBe(count < 3 ? 5 : 0);
        if (count === 2) await ask(url, `{ ${aliased(6, 'products { id }')} }`);
      }
    });

    it.each(['/health', '/ready'])('and a probe are told of no limits at %s', async (path) => {
      const { url } = await start({ env: { RATE_LIMIT_HEADERS: 'both' } });
      await ask(url, `{ ${aliased(6, 'products { id }')} }`);
      const page = await fetch(url + path, { headers: { accept: 'text/html' } });
      await page.text();
      expect([page.status, limitFieldNames(page.headers)]).toEqual([200, []]);
    });
  });
});
