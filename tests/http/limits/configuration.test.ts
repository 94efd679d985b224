import { describe, expect, it } from 'vitest';
import type { TestApp } from '../../support/app.ts';
import { ask, askAll, codes } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { left, leftOf } from '../../support/fixtures/limited-fields.ts';
import { createLog } from '../../support/log.ts';
import { from } from '../../support/people.ts';
import { answered, as, selfDeclared } from '../../support/self-declared.ts';
import { remaining } from '../../support/told-limits.ts';
import { limitFieldNames } from '../../support/told-limits.ts';

const typeDefs = `
  type Query {
    left(of: String!): Int
    f: Int @rateLimit(limit: 3)
    g: Int @rateLimit(name: "both", limit: 3)
    h: Int @rateLimit(name: "both", limit: 3)
    t: Int @rateLimit(limit: 3, tiers: [{ tier: "PAID", limit: 7 }])
    trial: Int @rateLimit(limit: 2, mode: REPORT) @rateLimit(name: "sure", limit: 4)
    log: Int @rateLimit(strategy: SLIDING_LOG)
    costly: Int @rateLimit(limit: 12, cost: 4)
    free: Int @rateLimitExempt
  }
  extend schema @rateLimit(limit: 1000)`;
const one = () => 1;
const fields = ['f', 'g', 'h', 't', 'trial', 'log', 'costly', 'free'];
const resolvers = { Query: { left, ...Object.fromEntries(fields.map((name) => [name, one])) } };

describeEngines((start) => {
  const openWith = (env: Record<string, string>): Promise<TestApp> =>
    start({ typeDefs, resolvers, env, identify: selfDeclared });
  const open = (limits: Record<string, string | null>): Promise<TestApp> =>
    openWith({ RATE_LIMITS: JSON.stringify(limits) });

  describe('RATE_LIMITS', () => {
    it.each([
      ['a number', { 'Query.f': '5 per minute' }, { f: 5, g: 3 }],
      ['no limit', { 'Query.f': null }, { f: 12 }],
      ['nothing at all', { 'Query.f': '0 per minute' }, { f: 0, g: 3 }],
      ['fields that share a name', { both: '5/minute' }, { g: 5, h: 0, f: 3 }],
      ['one of the limits of a field', { sure: '6 per minute' }, { trial: 6 }],
      ['the cost of a field', { 'Query.costly': '8 per minute' }, { costly: 2 }],
    ])('gives %s', async (_title, limits, counts) => {
      const { url } = await open(limits);
      for (const [field, count] of Object.entries(counts)) expect(await answered(url, field)).toBe(count);
    });

    it('gives a field several windows, and tells of each', async () => {
      const { url, clock } = await open({ 'Query.f': '4 per minute; 6 per day' });
      expect(await answered(url, 'f')).toBe(4);
      clock.advance(60);
      const { body, headers } = await ask(url, '{ a: f b: f c: f free }');
      expect(body.errors).toMatchObject([
        { path: ['c'], extensions: { policy: 'Query.f+2', limit: 6, window: 86_400, retryAfter: 86_340 } },
      ]);
      expect(headers.get('ratelimit-policy')).toContain('"Query.f";q=4;w=60, "Query.f+2";q=6;w=86400');
    });

    it('gives whole operations a number', async () => {
      const { url } = await open({ schema: '2 per minute' });
      for (const status of [200, 200, 429]) expect((await ask(url, '{ f }')).status).toBe(status);
      expect((await ask(url, '{ free }')).status).toBe(200);
    });

    it('leaves tiers what the schema gives them', async () => {
      const { url } = await open({ 'Query.t': '1 per minute; 2 per day' });
      expect(await answered(url, 't', as({ tiers: 'PAID' }))).toBe(7);
      expect(await answered(url, 't', as({ ip: 'other' }))).toBe(1);
    });

    it.each([
      [
        { nope: '1 per hour' },
        /RATE_LIMITS cannot be used\.\n"nope" is not the name of a limit\. There are Query\.costly,/,
      ],
      [{ 'Query.log': '10001 per hour' }, /RATE_LIMITS .*\n"Query\.log": limit: 10001: .* 10000 is the most/],
      [
        { 'Query.costly': '3 per hour' },
        /RATE_LIMITS .*\n"Query\.costly": cost: 4: it is above the limit of 3/,
      ],
      [
        { both: '5' },
        /RATE_LIMITS cannot be used\. "both": "5" is not a limit\. Write it like "10 per minute"/,
      ],
      [{ 'sluice.invalid': '5 per hour' }, /"sluice\.invalid" is not the name of a limit\./],
    ])('stops the start where it cannot work: %j', async (limits, message) => {
      await expect(open(limits)).rejects.toThrow(message);
    });
  });

  describe('RATE_LIMIT_MODE=report', () => {
    it('denies nothing, logs each selection that would have been, and counts', async () => {
      const { log, lines } = createLog();
      const { url } = await start({ log, env: { RATE_LIMIT_MODE: 'report', META_LIMIT: '1 per hour' } });
      const { status, headers, body } = await ask(url, '{ a: products { id } b: products { id } }');
      expect({ status, errors: body.errors }).toEqual({ status: 200, errors: undefined });
      expect(limitFieldNames(headers)).toEqual([]);
      expect(await remaining(url, 'Query.products')).toBe(3);
      expect(lines).toEqual([]);
      expect(await answered(url, 'products { id }', {}, 6)).toBe(6);
      expect(lines).toMatchObject(
        Array(3).fill({ level: 30, policy: 'Query.products', limit: 5, window: 60, cost: 1 }),
      );
      expect(await remaining(url, 'Query.products')).toBe(0);
    });

    it('denies nothing either that configuration has changed, or that is no operation', async () => {
      const { url } = await openWith({
        RATE_LIMIT_MODE: 'report',
        RATE_LIMITS: '{"Query.f":"0 per minute","schema":"1 per minute; 2 per hour"}',
        INVALID_REQUEST_LIMIT: '1 per minute',
      });
      expect(await answered(url, 'f')).toBe(12);
      for (let count = 0; count < 3; count += 1) {
        expect((await ask(url, '{ f g free }')).status).toBe(200);
        expect(codes((await ask(url, '{ nope }')).body)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
      }
    });
  });

  describe('RATE_LIMIT_MODE=off', () => {
    it('denies, counts, logs and tells nothing', async () => {
      const { log, lines } = createLog();
      const env = { RATE_LIMIT_MODE: 'off', META_LIMIT: '1 per hour', INVALID_REQUEST_LIMIT: '1 per hour' };
      const { url } = await start({ log, env });
      expect(await answered(url, 'products { id }')).toBe(12);
      expect(limitFieldNames((await ask(url, '{ products { id } }')).headers)).toEqual([]);
      for (let count = 0; count < 3; count += 1)
        expect(codes((await ask(url, '{ nope }')).body)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
      expect(await remaining(url, 'Query.products')).toBe(5);
      expect(lines).toEqual([]);
    });
  });

  describe('a limit of the mode REPORT', () => {
    it('denies nothing beside one that does, and only that one is told of', async () => {
      const { log, lines } = createLog();
      const { url } = await start({ typeDefs, resolvers, log });
      const { headers, body } = await ask(url, '{ a: trial b: trial c: trial d: trial e: trial }');
      expect(body.errors).toMatchObject([{ path: ['e'], extensions: { policy: 'sure' } }]);
      expect(headers.get('ratelimit-policy')).toBe('"schema";q=1000;w=60, "sure";q=4;w=60');
      expect(lines).toMatchObject([{ policy: 'Query.trial' }, { policy: 'Query.trial' }]);
      expect([await leftOf(url, 'Query.trial'), await leftOf(url, 'sure')]).toEqual([0, 0]);
    });
  });

  describe('MEMORY_BUCKETS', () => {
    const env = { MEMORY_BUCKETS: '20', TRUST_PROXY: '1' };
    const field = 'product(id: 1) { id }';

    it('bounds what is kept, but nobody can wash out an exhausted bucket from many addresses', async () => {
      const { url } = await start({ env });
      const exhausted = from('198.51.100.1');
      expect(await answered(url, field, exhausted)).toBe(10);
      for (let index = 0; index < 200; index += 1)
        await askAll(
          url,
          [`{ ${field} }`, '{ products { id } newProducts { id } }'],
          from(`192.0.2.${index}`),
        );
      expect(await answered(url, field, exhausted)).toBe(0);
      expect(await remaining(url, 'Query.product', from('192.0.2.0'))).toBe(10);
    });

    it('goes on to limit those who are new once every bucket is in use', async () => {
      const { url } = await start({ env });
      for (let index = 0; index < 30; index += 1) await answered(url, field, from(`192.0.2.${index}`));
      for (let count = 0; count < 10; count += 1)
        expect((await ask(url, `{ ${field} }`, { headers: from('198.51.100.1') })).status).toBe(200);
      expect((await ask(url, `{ ${field} }`, { headers: from('198.51.100.1') })).status).toBe(429);
    });
  });
});
