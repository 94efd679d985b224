import { graphql } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { TestApp } from '../../support/app.ts';
import { aliased, ask, askAll, askByGet, type Body, codes, send } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { leftOf, limitedApp, strategies } from '../../support/fixtures/limited-fields.ts';

describeEngines((start) => {
  const startLimited = (): Promise<TestApp> => start(limitedApp().options);

  describe('an operation', () => {
    it('is charged once by POST and once by GET, from the same bucket', async () => {
      const { url } = await startLimited();
      await ask(url, '{ one }');
      const { headers } = await askByGet(url, { query: '{ one }' });
      expect(headers.get('ratelimit')).toBe('"Query.one";r=3;t=60');
      expect(await leftOf(url, 'Query.one')).toBe(3);
    });

    it('is denied the same by POST and by GET', async () => {
      const { url } = await startLimited();
      await ask(url, `{ ${aliased(5, 'one')} }`);
      const replies = [await ask(url, '{ one }'), await askByGet(url, { query: '{ one }' })];
      const seen = replies.map(({ status, headers, body }) => ({
        status,
        body,
        fields: ['content-type', 'ratelimit', 'ratelimit-policy', 'retry-after'].map((name) =>
          headers.get(name),
        ),
      }));
      expect(seen[0]?.status).toBe(429);
      expect(seen[0]?.fields.at(-1)).toBe('60');
      expect(seen[1]).toEqual(seen[0]);
    });

    it.each([
      ['whose variables cannot be coerced', { query: 'query ($id: ID!) { by(id: $id) one }' }],
      [
        'whose variables are of a wrong type',
        { query: 'query ($id: ID!) { by(id: $id) one }', variables: { id: [] } },
      ],
      ['whose name is unknown', { query: 'query A { one } query B { one }', operationName: 'C' }],
      ['without a name where there are two', { query: 'query A { one } query B { one }' }],
      ['that is not valid', { query: '{ one nothing }' }],
      ['that does not parse', { query: '{ one' }],
    ])('%s takes nothing from fields', async (_title, body) => {
      const { url } = await startLimited();
      expect((await send(url, body)).body).not.toHaveProperty('data');
      expect(await leftOf(url, 'Query.one')).toBe(5);
    });

    it('that is a mutation by GET takes nothing from fields, and neither runs', async () => {
      const { options, marks } = limitedApp();
      const { url } = await start(options);
      expect((await askByGet(url, { query: 'mutation { dear }' })).status).toBe(405);
      expect(await leftOf(url, 'Mutation.dear')).toBe(1);
      expect(marks).toEqual([]);
    });

    it.each([
      ['a fragment that is spread twice', '{ ...F ...F } fragment F on Query { one }', 'Query.one'],
      ['a list of 500', '{ many { dear } }', 'Item.dear'],
      ['a list and its fragments', '{ many { dear ...F } } fragment F on Item { dear }', 'Item.dear'],
      ['an operation in an operation', '{ nested(query: "{ __typename }") }', 'Query.nested'],
    ])('charges %s once', async (_title, query, policy) => {
      const { url } = await startLimited();
      expect((await ask(url, query)).body.errors).toBeUndefined();
      expect(await leftOf(url, policy)).toBe(4);
    });

    it('charges what an operation that a resolver runs asks for, once', async () => {
      const { url } = await startLimited();
      await ask(url, '{ nested(query: "{ one a: one }") }');
      expect(await leftOf(url, 'Query.one')).toBe(3);
      expect(await leftOf(url, 'Query.nested')).toBe(4);
    });

    it('is charged once where the cache answers', async () => {
      const { url } = await startLimited();
      await ask(url, '{ cached }');
      const { headers } = await ask(url, '{ cached }');
      expect(headers.get('cache-status')).toMatch(/hit/);
      expect(await leftOf(url, 'Query.cached')).toBe(3);
    });

    it('is denied once the limit is used up, though the cache has its answer', async () => {
      const { url } = await startLimited();
      for (let count = 0; count < 5; count += 1) await ask(url, '{ cached }');
      expect((await ask(url, '{ cached }')).status).toBe(429);
    });
  });

  describe('a mutation', () => {
    it('has its fields run in order, but for the denied', async () => {
      const { options, marks } = limitedApp();
      const { url } = await start(options);
      const { status, body } = await ask(
        url,
        'mutation { a: mark(as: "a") b: dear(as: "b") c: mark(as: "c") d: dear(as: "d") e: mark(as: "e") }',
      );
      expect({ status, codes: codes(body) }).toEqual({ status: 200, codes: ['RATE_LIMITED'] });
      expect(body.data).toEqual({ a: 'a', b: 'b', c: 'c', d: null, e: 'e' });
      expect(marks).toEqual(['a', 'b', 'c', 'e']);
    });

    it('has its decisions before its first field runs', async () => {
      const { options, marks } = limitedApp();
      const { url, clock } = await start({
        ...options,
        context: () => ({
          advance: (seconds: number) => {
            clock.advance(seconds);
          },
        }),
      });
      await ask(url, 'mutation { dear }');
      const { body } = await ask(url, 'mutation { wait(seconds: 60) dear }');
      expect(body).toMatchObject({ data: { dear: null }, errors: [{ path: ['dear'] }] });
      expect(marks).toEqual(['dear']);
    });

    it('of which everything is denied runs nothing', async () => {
      const { options, marks } = limitedApp();
      const { url } = await start(options);
      await ask(url, 'mutation { dear }');
      const { status, body } = await ask(url, 'mutation { a: dear(as: "a") b: dear(as: "b") }');
      expect(status).toBe(429);
      expect(body.errors?.map(({ path }) => path)).toEqual([['a'], ['b']]);
      expect(marks).toEqual(['dear']);
    });
  });

  describe.each(strategies)('a limit of 5 under %s', (strategy) => {
    const answered = (bodies: readonly Body[]): number =>
      bodies.flatMap(({ data }) => Object.values(data ?? {})).filter((value) => value === 1).length;

    it('admits 5 of a batch of 10', async () => {
      const { url } = await startLimited();
      expect(answered(await askAll(url, Array<string>(10).fill(`{ ${strategy} }`)))).toBe(5);
    });

    it('admits 5 of 100 operations that race in 10 batches', async () => {
      const { url } = await startLimited();
      const batch = () => askAll(url, Array<string>(10).fill(`{ ${strategy} }`));
      expect(answered((await Promise.all(Array.from({ length: 10 }, batch))).flat())).toBe(5);
    });

    it('admits 5 of what aliases, batches and single requests ask for at once', async () => {
      const { url } = await startLimited();
      const aliases = `{ ${aliased(3, strategy)} }`;
      const single = () => ask(url, aliases).then(({ body }) => [body]);
      const byGet = () => askByGet(url, { query: `{ ${strategy} }` }).then(({ body }) => [body]);
      const batch = () => askAll(url, [aliases, `{ ${strategy} }`]);
      const all = await Promise.all([single(), byGet(), batch(), single(), byGet(), batch()]);
      expect(answered(all.flat())).toBe(5);
    });

    it('admits 5 of 100 operations that race on the schema without a server', async () => {
      const { schema } = await startLimited();
      const run = () => graphql({ schema, source: `{ ${strategy} }` });
      const results = await Promise.all(Array.from({ length: 100 }, run));
      expect(results.filter(({ data }) => data?.[strategy] === 1)).toHaveLength(5);
      expect(results.filter(({ errors }) => errors?.[0]?.extensions['code'] === 'RATE_LIMITED')).toHaveLength(
        95,
      );
    });
  });
});
