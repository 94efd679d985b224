import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { aliased, ask, codes } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { limitFieldNames, told } from '../../support/told-limits.ts';

const products = '{ products { id } }';
const search = 'searchProducts(query: "tea") { id }';
const standard = ['ratelimit', 'ratelimit-policy'];
const legacy = ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset'];

describeEngines((start) => {
  describe('which header fields tell of limits', () => {
    it.each([
      ['standard', standard],
      ['legacy', legacy],
      ['both', [...standard, ...legacy]],
      ['none', []],
    ])('are those that RATE_LIMIT_HEADERS=%s names, and the wait of a denial', async (style, names) => {
      const { url, clock } = await start({ env: { RATE_LIMIT_HEADERS: style } });
      const { headers } = await ask(url, products);
      expect(limitFieldNames(headers)).toEqual(names);
      clock.advance(7);
      await ask(url, `{ ${aliased(4, 'products { id }')} }`);
      const { headers: rejected } = await ask(url, products);
      expect(limitFieldNames(rejected)).toEqual([...names, 'retry-after'].toSorted());
      expect(rejected.get('retry-after')).toBe('53');
      if (!names.includes('x-ratelimit-limit')) return;
      expect(legacy.map((name) => rejected.get(name))).toEqual(['5', '0', String(clock.now() / 1000 + 53)]);
    });

    it('tell in their older form of the tightest policy alone', async () => {
      const { url, clock } = await start({ env: { RATE_LIMIT_HEADERS: 'legacy' } });
      const { headers } = await ask(url, `{ popularProducts { id } ${aliased(8, search)} }`);
      const reset = String(clock.now() / 1000 + 60);
      expect(legacy.map((name) => headers.get(name))).toEqual(['10', '2', reset]);
    });

    it.each([
      ['a free field', '{ health { status } }'],
      ['health', '{ health { status } }'],
      ['rateLimits', '{ rateLimits { policy } }'],
      ['introspection', getIntrospectionQuery()],
      ['a field that is left out', '{ __typename products @skip(if: true) { id } }'],
      ['a document that does not parse', '{'],
      ['a document that is not valid', '{ products { nothing } }'],
    ])('are absent where no limit applies: %s', async (_title, query) => {
      const { url } = await start({ env: { RATE_LIMIT_HEADERS: 'both' } });
      await ask(url, products);
      expect(limitFieldNames((await ask(url, query)).headers)).toEqual([]);
      expect(told(await ask(url, products))).toMatchObject({ 'Query.products': { r: 3 } });
    });

    it.each(['report', 'off'])('are absent where RATE_LIMIT_MODE=%s denies nothing', async (mode) => {
      const { url } = await start({ env: { RATE_LIMIT_MODE: mode, RATE_LIMIT_HEADERS: 'both' } });
      const { status, headers, body } = await ask(url, `{ ${aliased(9, 'products { id }')} }`);
      expect({ status, codes: codes(body), fields: limitFieldNames(headers) }).toEqual({
        status: 200,
        codes: [],
        fields: [],
      });
    });
  });
});
