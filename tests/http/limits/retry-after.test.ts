import { describe, expect, it } from 'vitest';
import type { Start, TestApp } from '../../support/app.ts';
import { aliased, ask, codes, send } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { retryAfter, told } from '../../support/told-limits.ts';

/** Starts an app whose field `take(n:)` costs `n` of 6 units in 10 seconds. */
function startTaking(start: Start, strategy: string): Promise<TestApp> {
  return start({
    typeDefs: `type Query {
      take(n: Int!): Int @rateLimit(limit: 6, duration: 10, multipliers: ["n"], strategy: ${strategy})
    }`,
    resolvers: { Query: { take: (_: unknown, { n }: { n: number }) => n } },
  });
}

const take = (n: number): string => `{ take(n: ${n}) }`;

describeEngines((start) => {
  describe('Retry-After', () => {
    it.each(['FIXED_WINDOW', 'SLIDING_LOG', 'TOKEN_BUCKET'])(
      'suffices, and a second less does not, whatever the attempt costs: %s',
      async (strategy) => {
        for (const cost of [1, 2, 3, 5, 6]) {
          const { url, clock } = await startTaking(start, strategy);
          await ask(url, take(4));
          clock.advance(1);
          await ask(url, take(2));
          clock.advance(0.5);
          const denied = await ask(url, take(cost));
          const wait = retryAfter(denied) ?? 0;
          expect(denied.body.errors).toMatchObject([{ extensions: { cost, retryAfter: wait } }]);
          clock.advance(wait - 1);
          const tooSoon = await ask(url, take(cost));
          expect({ status: tooSoon.status, wait: retryAfter(tooSoon) }).toEqual({ status: 429, wait: 1 });
          clock.advance(1);
          expect((await ask(url, take(cost))).body).toEqual({ data: { take: cost } });
        }
      },
    );

    it('suffices under SLIDING_WINDOW', async () => {
      for (const cost of [1, 2, 3, 5, 6]) {
        const { url, clock } = await startTaking(start, 'SLIDING_WINDOW');
        await ask(url, take(4));
        clock.advance(4);
        await ask(url, take(2));
        clock.advance(0.5);
        const wait = retryAfter(await ask(url, take(cost))) ?? 0;
        expect(wait).toBeGreaterThan(0);
        clock.advance(wait);
        expect((await ask(url, take(cost))).body).toEqual({ data: { take: cost } });
      }
    });

    it('is at most what RateLimit says of a bucket that is empty, after which all of it is back', async () => {
      for (const strategy of ['FIXED_WINDOW', 'SLIDING_LOG', 'TOKEN_BUCKET', 'SLIDING_WINDOW']) {
        const { url, clock } = await startTaking(start, strategy);
        await ask(url, take(3));
        clock.advance(1.3);
        await ask(url, take(3));
        const denied = await ask(url, take(1));
        const { t = 0, r } = told(denied)['Query.take'] ?? { r: undefined };
        expect(r).toBe(0);
        expect(retryAfter(denied)).toBeLessThanOrEqual(t);
        clock.advance(t);
        expect((await ask(url, take(6))).body).toEqual({ data: { take: 6 } });
      }
    });

    it('is the longest wait of an operation', async () => {
      const { url, clock } = await start();
      await ask(url, `{ ${aliased(10, 'product(id: 1) { id }')} }`);
      clock.advance(25);
      await ask(url, `{ ${aliased(5, 'products { id }')} }`);
      clock.advance(5);
      const { body, ...denied } = await ask(url, '{ products { id } product(id: 1) { id } }');
      expect(body.errors?.map(({ extensions }) => extensions?.['retryAfter'])).toEqual([55, 30]);
      expect(retryAfter(denied)).toBe(55);
      const partial = await ask(url, '{ users { id } product(id: 1) { id } products { id } }');
      expect([partial.status, retryAfter(partial)]).toEqual([200, 55]);
      clock.advance(55);
      expect((await ask(url, '{ products { id } product(id: 1) { id } }')).body.errors).toBeUndefined();
    });

    it('is the longest wait of a batch', async () => {
      const { url, clock } = await start();
      await ask(url, `{ ${aliased(10, 'product(id: 1) { id }')} }`);
      clock.advance(25);
      await ask(url, `{ ${aliased(5, 'products { id }')} }`);
      const batch = ['{ product(id: 1) { id } }', '{ users { id } }', '{ products { id } }'];
      const answered = await send(
        url,
        batch.map((query) => ({ query })),
      );
      expect(retryAfter(answered)).toBe(60);
    });

    it('is absent where no wait helps, and the longest of the waits that do', async () => {
      const { url, clock } = await startTaking(start, 'FIXED_WINDOW');
      const { body, ...impossible } = await ask(url, take(7));
      expect(codes(body)).toEqual(['RATE_LIMIT_COST_EXCEEDED']);
      expect(retryAfter(impossible)).toBeUndefined();
      await ask(url, take(6));
      clock.advance(3);
      const both = await ask(url, '{ a: take(n: 7) b: take(n: 2) }');
      expect(codes(both.body)).toEqual(['RATE_LIMIT_COST_EXCEEDED', 'RATE_LIMITED']);
      expect([both.status, retryAfter(both)]).toEqual([429, 7]);
    });

    it('suffices for a field whose own limit keeps it waiting longer than that of whole operations', async () => {
      const { url, clock } = await start({
        typeDefs: `
          schema @rateLimit(name: "operations", limit: 2, duration: 10) { query: Query }
          type Query { plain: Int dear: Int @rateLimit(limit: 1, duration: 60) }
        `,
        resolvers: { Query: { plain: () => 1, dear: () => 2 } },
      });
      await ask(url, '{ dear }');
      await ask(url, '{ plain }');
      clock.advance(retryAfter(await ask(url, '{ dear }')) ?? 0);
      expect((await ask(url, '{ dear }')).body).toEqual({ data: { dear: 2 } });
    });
  });
});
