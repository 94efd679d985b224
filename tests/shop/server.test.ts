import { describe, expect, it } from 'vitest';
import { admin, openShop, stranger } from './open-shop.ts';
import {
  HealthDocument,
  LoginDocument,
  ProductsDocument,
  RateLimitsDocument,
} from './operations.generated.ts';

describe('health', () => {
  it('is OK, and says for how many whole seconds the process has run', async () => {
    const { data } = await (await openShop()).run(HealthDocument, {});
    expect(data?.health.status).toBe('OK');
    expect(data?.health.uptime).toSatisfy((uptime: number) => Number.isInteger(uptime) && uptime >= 0);
  });

  it('may be asked for any number of times', async () => {
    const api = await openShop();
    for (let n = 0; n < 200; n += 1)
      expect((await api.run(HealthDocument, {}, stranger(0))).errors).toEqual([]);
  });
});

describe('rateLimits', () => {
  it('are all buckets of the caller, each once', async () => {
    const { data } = await (await openShop()).run(RateLimitsDocument, {});
    const limits = data?.rateLimits.map(({ policy, limit, window }) => `${policy} ${limit}/${window}`);
    expect(limits?.toSorted()).toEqual([
      'Mutation.createUser 3/3600',
      'Mutation.login.ip 50/900',
      'Query.me 100/3600',
      'Query.product 10/60',
      'Query.products 5/60',
      'Query.roleBasedProducts 10/60',
      'Query.searchProducts.burst 10/60',
      'Query.searchProducts.daily 200/86400',
      'Query.user 10/60',
      'Query.users 60/60',
      'products 20/60',
    ]);
  });

  it('are those of the caller’s tier, without what is unlimited', async () => {
    const { data } = await (await openShop()).run(RateLimitsDocument, {}, admin);
    const limits = new Map(data?.rateLimits.map(({ policy, limit }) => [policy, limit]));
    expect(limits.get('Query.roleBasedProducts')).toBe(100);
    expect(limits.has('Query.user')).toBe(false);
  });

  it('say what is left and when all of it is back', async () => {
    const api = await openShop();
    const start = api.clock.now();
    await api.run(ProductsDocument, {}, stranger(0));
    api.clock.advance(10);
    await api.run(ProductsDocument, {}, stranger(0));
    const ofProducts = async (caller = stranger(0)) =>
      (await api.run(RateLimitsDocument, {}, caller)).data?.rateLimits.find(
        ({ policy }) => policy === 'Query.products',
      );
    expect(await ofProducts()).toMatchObject({
      remaining: 3,
      resetAt: new Date(start + 60_000).toISOString(),
    });
    expect(await ofProducts(stranger(1))).toMatchObject({ remaining: 5, resetAt: null });
    api.clock.advance(50);
    expect(await ofProducts()).toMatchObject({ remaining: 5, resetAt: null });
  });

  it('use nothing themselves', async () => {
    const api = await openShop();
    for (let n = 0; n < 200; n += 1) {
      const { data } = await api.run(RateLimitsDocument, {}, stranger(0));
      expect(data?.rateLimits.every(({ limit, remaining }) => limit === remaining)).toBe(true);
    }
  });

  it('count failures only where the limit does', async () => {
    const api = await openShop();
    const input = { email: 'nobody@example.com', password: 'wrong' };
    await api.run(LoginDocument, { input }, stranger(0));
    const { data } = await api.run(RateLimitsDocument, {}, stranger(0));
    expect(data?.rateLimits.find(({ policy }) => policy === 'Mutation.login.ip')?.remaining).toBe(49);
  });
});
