import { describe, expect, it } from 'vitest';
import { aliased, ask, codes } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { ada, createUser, signUp } from '../../support/people.ts';
import { remaining } from '../../support/told-limits.ts';

/** How many selections of a field one operation is answered, and the policies that deny the others. */
async function allowed(url: string, count: number, field: string, headers: Record<string, string> = {}) {
  const { body } = await ask(url, `{ ${aliased(count, field)} }`, { headers });
  const denials = body.errors ?? [];
  const policies = new Set(denials.map(({ extensions }) => extensions?.['policy']));
  return { allowed: count - denials.length, policies: [...policies] };
}

describeEngines((start) => {
  describe('the shop', () => {
    it.each([
      ['product(id: 1) { id }', 10, 60, 'Query.product'],
      ['roleBasedProducts { id }', 10, 60, 'Query.roleBasedProducts'],
      ['user(id: 1) { id }', 10, 60, 'Query.user'],
      ['me { id }', 100, 3600, 'Query.me'],
    ])('answers %s %i times in %i seconds', async (field, limit, window, policy) => {
      const { url, clock } = await start();
      expect(await allowed(url, limit + 1, field)).toEqual({ allowed: limit, policies: [policy] });
      clock.advance(window - 1);
      expect(await allowed(url, 1, field)).toEqual({ allowed: 0, policies: [policy] });
      clock.advance(1);
      expect(await allowed(url, 1, field)).toEqual({ allowed: 1, policies: [] });
    });

    it.each(['rateLimits { policy }', 'health { status }', '__typename'])(
      'answers %s any number of times',
      async (field) => {
        const { url } = await start();
        for (let count = 0; count < 5; count += 1) {
          expect(await allowed(url, 50, field)).toEqual({ allowed: 50, policies: [] });
        }
      },
    );

    it('answers rateLimits a hundred times in one operation, because it looks at all buckets', async () => {
      const { url } = await start();
      expect(await allowed(url, 100, 'rateLimits { policy }')).toMatchObject({ allowed: 100 });
      expect(codes((await ask(url, `{ ${aliased(101, 'rateLimits { policy }')} }`)).body)).toEqual([
        'COST_EXCEEDED',
      ]);
    });

    it('answers users sixty times a minute, not counting what is kept', async () => {
      const { url, clock } = await start();
      const pages = Array.from({ length: 61 }, (_, n) => `a${n}: users(first: ${n + 1}) { id }`);
      for (let count = 0; count < 2; count += 1) {
        const { body } = await ask(url, `{ ${pages.slice(0, 60).join(' ')} }`);
        expect(body.errors).toBeUndefined();
      }
      expect(codes((await ask(url, `{ ${pages[60] ?? ''} }`)).body)).toEqual(['RATE_LIMITED']);
      clock.advance(60);
      expect((await ask(url, `{ ${pages[60] ?? ''} }`)).body.errors).toBeUndefined();
    });

    it('gives users more of user, and administrators all they want', async () => {
      const { url, adminKey = '' } = await start();
      const user = await signUp(url, ada);
      const field = 'user(id: 1) { id }';
      expect(await allowed(url, 101, field, user)).toEqual({ allowed: 100, policies: ['Query.user'] });
      expect(await allowed(url, 250, field, { 'x-api-key': adminKey })).toMatchObject({ allowed: 250 });
      expect(await allowed(url, 11, field)).toMatchObject({ allowed: 10 });
    });

    it('gives administrators ten times as much of roleBasedProducts', async () => {
      const { url, adminKey = '' } = await start();
      const headers = { 'x-api-key': adminKey };
      expect(await allowed(url, 101, 'roleBasedProducts { id }', headers)).toMatchObject({ allowed: 100 });
    });

    it('gives keys of other tiers what everybody gets', async () => {
      const { url, by } = await start({ keys: { partner: ['PAID'] } });
      expect(await allowed(url, 11, 'user(id: 1) { id }', by.partner)).toMatchObject({ allowed: 10 });
    });

    it('counts popularProducts and newProducts together', async () => {
      const { url } = await start();
      expect(await allowed(url, 12, 'popularProducts { id }')).toMatchObject({ allowed: 12 });
      expect(await allowed(url, 12, 'newProducts { id }')).toEqual({ allowed: 8, policies: ['products'] });
      expect(await remaining(url, 'Query.products')).toBe(5);
    });

    it('takes nothing from one limit of searchProducts when the other denies', async () => {
      const { url, clock } = await start();
      const [burst, daily] = ['Query.searchProducts.burst', 'Query.searchProducts.daily'];
      const field = 'searchProducts(query: "tea") { id }';
      expect(await allowed(url, 12, field)).toEqual({ allowed: 10, policies: [burst] });
      expect(await remaining(url, daily)).toBe(190);
      for (let minute = 1; minute < 20; minute += 1) {
        clock.advance(60);
        expect(await allowed(url, 10, field)).toMatchObject({ allowed: 10 });
      }
      clock.advance(60);
      expect(await allowed(url, 3, field)).toEqual({ allowed: 0, policies: [daily] });
      expect(await remaining(url, burst)).toBe(10);
      clock.advance(86_400 - 20 * 60);
      expect(await allowed(url, 1, field)).toMatchObject({ allowed: 1 });
    });

    it('takes three attempts at createUser in an hour, also those that fail', async () => {
      const { url, clock } = await start();
      const attempt = () => createUser(url, { ...ada, password: 'short' });
      for (let count = 0; count < 3; count += 1)
        expect(codes((await attempt()).body)).toEqual(['BAD_USER_INPUT']);
      const { status, body } = await attempt();
      expect({ status, codes: codes(body) }).toEqual({ status: 429, codes: ['RATE_LIMITED'] });
      clock.advance(3600);
      expect(codes((await attempt()).body)).toEqual(['BAD_USER_INPUT']);
    });
  });
});
