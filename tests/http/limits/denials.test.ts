import { describe, expect, it } from 'vitest';
import { aliased, ask, askAll, codes } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { remaining } from '../../support/told-limits.ts';

const products = '{ products { id } }';

describeEngines((start) => {
  describe('a limit', () => {
    it('denies with all that a client needs, and allows again after retryAfter, not a second sooner', async () => {
      const { url, clock } = await start();
      for (let count = 0; count < 5; count += 1) expect((await ask(url, products)).status).toBe(200);
      clock.advance(17);
      const { status, headers, body } = await ask(url, products);
      expect({ status, retryAfter: headers.get('retry-after') }).toEqual({ status: 429, retryAfter: '43' });
      expect(body).toEqual({
        errors: [
          {
            message: 'Too many requests. Please try again in 43 seconds.',
            path: ['products'],
            locations: [{ line: 1, column: 3 }],
            extensions: {
              code: 'RATE_LIMITED',
              policy: 'Query.products',
              limit: 5,
              window: 60,
              cost: 1,
              remaining: 0,
              retryAfter: 43,
              resetAt: new Date(clock.now() + 43_000).toISOString(),
            },
          },
        ],
      });
      clock.advance(42);
      expect((await ask(url, products)).body.errors).toMatchObject([
        { message: 'Too many requests. Please try again in 1 second.' },
      ]);
      clock.advance(1);
      expect((await ask(url, products)).body.errors).toBeUndefined();
    });

    it.each(['application/json', 'application/graphql-response+json'])(
      'denies with 429 as %s',
      async (accept) => {
        const { url } = await start();
        await ask(url, `{ ${aliased(5, 'products { id }')} }`);
        const { status, headers } = await ask(url, products, { headers: { accept } });
        expect({ status, type: headers.get('content-type') }).toEqual({
          status: 429,
          type: `${accept}; charset=utf-8`,
        });
      },
    );

    it('counts each alias, and answers those that it allows with 200', async () => {
      const { url } = await start();
      const { status, headers, body } = await ask(url, `{ ${aliased(6, 'products(first: 1) { id }')} }`);
      expect({ status, retryAfter: headers.get('retry-after') }).toEqual({ status: 200, retryAfter: '60' });
      const one = [{ id: '1' }];
      expect(body.data).toEqual({ a1: one, a2: one, a3: one, a4: one, a5: one, a6: null });
      expect(body.errors).toMatchObject([{ path: ['a6'], extensions: { code: 'RATE_LIMITED' } }]);
    });

    it('leaves the other fields of an operation their answers', async () => {
      const { url } = await start();
      await ask(url, `{ ${aliased(5, 'products { id }')} }`);
      const { status, body } = await ask(url, '{ products { id } product(id: 2) { name } }');
      expect(status).toBe(200);
      expect(body.data).toEqual({ products: null, product: { name: 'Tata Tea' } });
      expect(codes(body)).toEqual(['RATE_LIMITED']);
    });

    it('counts a field once that is asked for twice under one name', async () => {
      const { url } = await start();
      await ask(
        url,
        '{ products { id } products { name } ...More } fragment More on Query { products { price } }',
      );
      expect(await remaining(url, 'Query.products')).toBe(4);
    });

    it('does not count a field that is left out', async () => {
      const { url } = await start();
      await ask(
        url,
        '{ products @skip(if: true) { id } ... @include(if: false) { products { id } } __typename }',
      );
      expect(await remaining(url, 'Query.products')).toBe(5);
    });

    it('does not count operations that never run', async () => {
      const { url } = await start();
      await ask(url, '{ products { id nothing } }');
      await ask(url, 'query ($first: Int!) { products(first: $first) { id } }');
      expect(await remaining(url, 'Query.products')).toBe(5);
    });

    it('counts every operation of a batch', async () => {
      const { url } = await start();
      const answers = await askAll(url, Array<string>(7).fill(products));
      expect(answers.flatMap(codes)).toEqual(['RATE_LIMITED', 'RATE_LIMITED']);
      expect(answers.filter((answer) => !('data' in answer))).toHaveLength(2);
    });

    it('lets through no more than it allows of requests that race', async () => {
      const { url } = await start();
      const replies = await Promise.all(Array.from({ length: 20 }, () => ask(url, products)));
      expect(replies.filter(({ status }) => status === 200)).toHaveLength(5);
      expect(replies.filter(({ status }) => status === 429)).toHaveLength(15);
    });

    it('counts two API keys apart, and apart from callers without one', async () => {
      const { url, by } = await start({ keys: { one: ['PAID'], two: ['PAID'] } });
      const all = `{ ${aliased(5, 'products { id }')} }`;
      for (const headers of [by.one, by.two, {}]) {
        expect((await ask(url, all, { headers })).body.errors).toBeUndefined();
        expect((await ask(url, products, { headers })).status).toBe(429);
      }
    });
  });

  describe('rateLimits', () => {
    it("tells of the caller's buckets without using them", async () => {
      const { url, clock } = await start();
      await ask(url, products);
      const query = '{ rateLimits { policy limit window remaining resetAt } }';
      const resetAt = new Date(clock.now() + 60_000).toISOString();
      for (let count = 0; count < 2; count += 1) {
        const { body } = await ask(url, query);
        expect(body.data?.['rateLimits']).toEqual(
          expect.arrayContaining([
            { policy: 'Query.products', limit: 5, window: 60, remaining: 4, resetAt },
            { policy: 'products', limit: 20, window: 60, remaining: 20, resetAt: null },
            { policy: 'Mutation.createUser', limit: 3, window: 3600, remaining: 3, resetAt: null },
          ]),
        );
      }
      clock.advance(60);
      expect(await remaining(url, 'Query.products')).toBe(5);
    });
  });
});
