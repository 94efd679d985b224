import { describe, expect, it } from 'vitest';
import type { Start, TestApp } from '../../support/app.ts';
import { isHit } from '../../support/cache-status.ts';
import { ask, askByGet, codes } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { limitFieldNames, retryAfter, told } from '../../support/told-limits.ts';

const typeDefs = `type Query {
  dear: Int @cacheControl(maxAge: 600)
    @rateLimit(limit: 3, duration: 60, tiers: [{ tier: "PAID", limit: 9 }, { tier: "STAFF", limit: null }])
  cheap: Int @cacheControl(maxAge: 600)
}`;

interface CachingApp extends TestApp<'free' | 'other' | 'paid' | 'staff'> {
  /** How often the limited field was resolved. */
  readonly runs: () => number;
}

async function startCaching(start: Start, env: Record<string, string> = {}): Promise<CachingApp> {
  let runs = 0;
  const keys = { free: [], other: [], paid: ['PAID'], staff: ['STAFF'] };
  const resolvers = { Query: { dear: () => (runs += 1), cheap: () => 7 } };
  const app = await start({ keys, typeDefs, resolvers, env });
  return Object.assign(app, { runs: () => runs });
}

describeEngines((start) => {
  describe('an answer from the cache', () => {
    it('costs what a fresh one costs, and is denied as that is', async () => {
      const { url, by, runs } = await startCaching(start);
      for (const [count, r] of [2, 1, 0].entries()) {
        const reply = await ask(url, '{ dear }', { headers: by.free });
        expect(isHit(reply)).toBe(count > 0);
        expect(reply.body).toEqual({ data: { dear: 1 } });
        expect(told(reply)).toEqual({ 'Query.dear': { q: 3, w: 60, r, t: 60 } });
      }
      const rejected = await ask(url, '{ dear }', { headers: by.free });
      expect([rejected.status, codes(rejected.body)]).toEqual([429, ['RATE_LIMITED']]);
      expect(rejected.body).not.toHaveProperty('data');
      expect([isHit(rejected), retryAfter(rejected), runs()]).toEqual([false, 60, 1]);
    });

    it('has the fields of who asks, never of who asked first', async () => {
      const { url, clock, by } = await startCaching(start);
      await ask(url, '{ dear }', { headers: by.free });
      await ask(url, '{ dear }', { headers: by.free });
      clock.advance(15);
      const paid = await ask(url, '{ dear }', { headers: by.paid });
      expect([isHit(paid), told(paid)]).toEqual([true, { 'Query.dear': { q: 9, w: 60, r: 8, t: 60 } }]);
      const staff = await ask(url, '{ dear }', { headers: by.staff });
      expect([isHit(staff), limitFieldNames(staff.headers)]).toEqual([true, []]);
      const free = await askByGet(url, { query: '{ dear }' }, by.free);
      expect([isHit(free), told(free)]).toEqual([true, { 'Query.dear': { q: 3, w: 60, r: 0, t: 45 } }]);
    });

    it('is not for a caller who is denied a part of it, whose answer is not kept either', async () => {
      const { url, clock, by, runs } = await startCaching(start);
      for (let count = 0; count < 3; count += 1) await ask(url, '{ dear }', { headers: by.free });
      for (let count = 0; count < 2; count += 1) {
        const denied = await ask(url, '{ dear cheap }', { headers: by.free });
        expect([denied.status, denied.body.data, isHit(denied)]).toEqual([
          200,
          { dear: null, cheap: 7 },
          false,
        ]);
        expect(denied.headers.get('cache-status') ?? '').not.toContain('stored');
      }
      const allowed = await ask(url, '{ dear cheap }', { headers: by.other });
      expect([isHit(allowed), allowed.body]).toEqual([false, { data: { dear: 2, cheap: 7 } }]);
      const again = await ask(url, '{ dear cheap }', { headers: by.other });
      expect([isHit(again), again.body]).toEqual([true, { data: { dear: 2, cheap: 7 } }]);
      const stillDenied = await ask(url, '{ dear cheap }', { headers: by.free });
      expect(stillDenied.body.data).toEqual({ dear: null, cheap: 7 });
      expect(runs()).toBe(2);
      clock.advance(60);
      const later = await ask(url, '{ dear cheap }', { headers: by.free });
      expect([isHit(later), later.body]).toEqual([true, { data: { dear: 2, cheap: 7 } }]);
    });

    it('has the extension of who asks, never of who asked first', async () => {
      const { url, by } = await startCaching(start, { RATE_LIMIT_EXTENSION: 'on' });
      const first = await ask(url, '{ dear }', { headers: by.free });
      expect(first.body).toMatchObject({ extensions: { rateLimit: [{ policy: 'Query.dear', limit: 3 }] } });
      const paid = await ask(url, '{ dear }', { headers: by.paid });
      expect(isHit(paid)).toBe(true);
      expect(paid.body).toMatchObject({ extensions: { rateLimit: [{ limit: 9, remaining: 8, cost: 1 }] } });
      const staff = await ask(url, '{ dear }', { headers: by.staff });
      expect([isHit(staff), staff.body]).toEqual([true, { data: { dear: 1 } }]);
      const free = await ask(url, '{ dear }', { headers: by.free });
      expect([isHit(free), free.body]).toMatchObject([
        true,
        { extensions: { rateLimit: [{ remaining: 1 }] } },
      ]);
    });
  });
});
