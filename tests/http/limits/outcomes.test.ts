import { describe, expect, it } from 'vitest';
import { clientError } from '../../../src/errors.ts';
import { ask, codes } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { left, leftOf } from '../../support/fixtures/limited-fields.ts';

const typeDefs = `
  type Query {
    left(of: String!): Int
    failures(ok: Boolean! = false): Int @rateLimit(limit: 3, count: FAILURE)
    successes(ok: Boolean! = true): Int @rateLimit(limit: 3, count: SUCCESS)
    both(ok: Boolean!): Int
      @rateLimit(name: "failed", limit: 3, count: FAILURE) @rateLimit(name: "done", limit: 3, count: SUCCESS)
    kept: Int @cacheControl(maxAge: 60) @rateLimit(limit: 3, count: FAILURE)
    counted: Int @cacheControl(maxAge: 60) @rateLimit(limit: 3, count: SUCCESS)
    boom: Int!
  }
  type Mutation {
    boom: Int!
    write: Int
    failures(ok: Boolean! = false): Int @rateLimit(name: "written", limit: 3, count: FAILURE)
    successes: Int @rateLimit(name: "sold", limit: 3, count: SUCCESS)
  }`;

const fail = (): never => {
  throw clientError('CONFLICT', 'It fails.');
};
const end = async (_: unknown, { ok }: { ok: boolean }): Promise<number> => {
  await Promise.resolve();
  return ok ? 1 : fail();
};
const Query = {
  left,
  failures: end,
  successes: end,
  both: end,
  kept: () => 1,
  counted: () => 1,
  boom: fail,
};
const resolvers = { Query, Mutation: { boom: fail, failures: end, successes: () => 1 } };

describeEngines((start) => {
  const open = async (): Promise<string> => (await start({ typeDefs, resolvers })).url;

  describe('a limit that counts outcomes', () => {
    it('of FAILURE keeps what failures took, and SUCCESS what successes took', async () => {
      const url = await open();
      await ask(url, '{ failures a: failures(ok: true) successes b: successes(ok: false) }');
      expect(await leftOf(url, 'Query.failures')).toBe(2);
      expect(await leftOf(url, 'Query.successes')).toBe(2);
    });

    it('may be two on one field, of which each outcome counts in one', async () => {
      const url = await open();
      await ask(url, '{ a: both(ok: true) b: both(ok: true) c: both(ok: false) }');
      expect([await leftOf(url, 'failed'), await leftOf(url, 'done')]).toEqual([2, 1]);
    });

    it('counts nothing for a field that never ran because one before it failed', async () => {
      const url = await open();
      const { body } = await ask(url, 'mutation { failures boom a: failures successes }');
      expect(body).toMatchObject({ data: null, errors: [{ path: ['failures'] }, { path: ['boom'] }] });
      expect([await leftOf(url, 'written'), await leftOf(url, 'sold')]).toEqual([2, 3]);
    });

    it('counts nothing for a field whose arguments are no good', async () => {
      const url = await open();
      const query = 'query ($ok: Boolean = true) { failures(ok: $ok) successes(ok: $ok) left(of: "") }';
      expect((await ask(url, query, { variables: { ok: null } })).body.data).toMatchObject({
        failures: null,
      });
      expect(await leftOf(url, 'Query.successes')).toBe(3);
    });

    it('takes answers from the cache for successes', async () => {
      const url = await open();
      for (const [field, units] of [
        ['kept', [3, 3, 3]],
        ['counted', [2, 1, 0]],
      ] as const) {
        for (const [times, expected] of units.entries()) {
          const { headers } = await ask(url, `{ ${field} }`);
          expect(headers.get('cache-status')?.includes('hit')).toBe(times > 0);
          expect(await leftOf(url, `Query.${field}`)).toBe(expected);
        }
      }
    });

    it.each([
      ['fails', 1],
      ['succeeds', 2],
    ])('counts a field rightly that %s after the answer has been sent', async (outcome, units) => {
      const gate = Promise.withResolvers<number>();
      const done = Promise.withResolvers<undefined>();
      const failures = async (parent: unknown, args: { ok: boolean }): Promise<number> => {
        if (!args.ok) return end(parent, args);
        try {
          return await gate.promise;
        } finally {
          done.resolve(undefined);
        }
      };
      // What throws at once is waited for along with the other fields.
      const boom = () => Promise.resolve().then(fail);
      const { url } = await start({ typeDefs, resolvers: { Query: { ...Query, boom, failures } } });
      await ask(url, '{ failures }');
      expect((await ask(url, '{ boom failures(ok: true) }')).body.data).toBeNull();
      if (outcome === 'fails') gate.reject(clientError('CONFLICT', 'It fails late.'));
      else gate.resolve(1);
      await done.promise;
      expect(await leftOf(url, 'Query.failures')).toBe(units);
    });
  });

  describe('an answer from the cache', () => {
    const cached = `type Query {
      left(of: String!): Int
      free: Int @cacheControl(maxAge: 60) @rateLimit(limit: 2, duration: 3600, onCacheHit: FREE)
      paid: Int @cacheControl(maxAge: 60) @rateLimit(limit: 2, duration: 3600)
      both: Int @cacheControl(maxAge: 60)
        @rateLimit(name: "work", limit: 9, duration: 3600, onCacheHit: FREE)
        @rateLimit(name: "asked", limit: 9, duration: 3600)
    }`;
    const one = () => 1;
    const openCached = () =>
      start({ typeDefs: cached, resolvers: { Query: { left, free: one, paid: one, both: one } } });

    it('that is FREE costs nothing, also once nothing is left, and a miss costs', async () => {
      const { url, clock } = await openCached();
      for (let count = 0; count < 5; count += 1) await ask(url, '{ free }');
      expect(await leftOf(url, 'Query.free')).toBe(1);
      clock.advance(61);
      await ask(url, '{ free }');
      expect(await leftOf(url, 'Query.free')).toBe(0);
      const hit = await ask(url, '{ free }');
      expect([hit.status, hit.body.data]).toEqual([200, { free: 1 }]);
      expect((await ask(url, '{ free other: free }')).status).toBe(429);
      clock.advance(61);
      expect((await ask(url, '{ free }')).status).toBe(429);
    });

    it('costs what a fresh one costs where the limit does not say otherwise', async () => {
      const { url } = await openCached();
      expect((await ask(url, '{ paid }')).status).toBe(200);
      expect((await ask(url, '{ paid }')).headers.get('cache-status')).toContain('hit');
      const { status, body } = await ask(url, '{ paid }');
      expect({ status, codes: codes(body) }).toEqual({ status: 429, codes: ['RATE_LIMITED'] });
    });

    it('is not free where another limit denies part of it, so that the rest has to be made afresh', async () => {
      let made = 0;
      const free = () => (made += 1);
      const { url } = await start({ typeDefs: cached, resolvers: { Query: { left, free, paid: one } } });
      for (let count = 0; count < 2; count += 1) await ask(url, '{ free paid }');
      expect([made, await leftOf(url, 'Query.free'), await leftOf(url, 'Query.paid')]).toEqual([1, 1, 0]);
      expect((await ask(url, '{ free paid }')).body).toMatchObject({ data: { free: 2, paid: null } });
      expect(await leftOf(url, 'Query.free')).toBe(0);
      expect((await ask(url, '{ free paid }')).status).toBe(429);
      expect(made).toBe(2);
    });

    it('costs in one limit and not in the other where a field has both', async () => {
      const { url } = await openCached();
      for (let count = 0; count < 3; count += 1) await ask(url, '{ both }');
      expect([await leftOf(url, 'work'), await leftOf(url, 'asked')]).toEqual([8, 6]);
    });
  });

  it('gives back what an operation took that never gets a context', async () => {
    let fails = true;
    const { url } = await start({
      typeDefs: 'type Query { f: Int @rateLimit(limit: 1, count: SUCCESS) }',
      resolvers: { Query: { f: () => 1 } },
      context: () => (fails ? Promise.reject(new Error('No context.')) : {}),
    });
    for (let request = 0; request < 3; request += 1) {
      expect(codes((await ask(url, '{ f }')).body)).toEqual(['INTERNAL_SERVER_ERROR']);
    }
    fails = false;
    expect((await ask(url, '{ f }')).body.data).toEqual({ f: 1 });
  });
});
