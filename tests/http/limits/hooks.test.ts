import { describe, expect, it } from 'vitest';
import type { AppOptions } from '../../../src/app/create-app.ts';
import type { Caller } from '../../../src/caller/caller.ts';
import { clientError } from '../../../src/errors.ts';
import type { TestAppOptions } from '../../support/app.ts';
import { ask, codes } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { left, leftOf } from '../../support/fixtures/limited-fields.ts';
import { createLog } from '../../support/log.ts';
import { answered, as, selfDeclared } from '../../support/self-declared.ts';

const typeDefs = `
  type Query {
    left(of: String!): Int
    f: Int @rateLimit(limit: 3, tiers: [{ tier: "PAID", limit: 7 }])
    g: Int @rateLimit(limit: 3)
    twice: Int @rateLimit(name: "burst", limit: 2) @rateLimit(name: "daily", limit: 4, duration: 86400)
  }`;
const one = () => 1;
const resolvers = { Query: { left, f: one, g: one, twice: one } };

describeEngines((start) => {
  const open = (hooks: TestAppOptions) => start({ typeDefs, resolvers, ...hooks });

  describe('the hook identify', () => {
    it('is given the caller that was found, and can add a tier', async () => {
      const found: Caller[] = [];
      const { url, by } = await start({
        keys: { shop: ['TRADE'] },
        typeDefs,
        resolvers,
        identify: (_request, caller) => {
          found.push(caller);
          return { ...caller, tiers: [...caller.tiers, 'PAID'] };
        },
      });
      expect(await answered(url, 'f', by.shop)).toBe(7);
      expect(found).toEqual([{ ip: '127.0.0.1', apiKeyId: expect.any(String) as string, tiers: ['TRADE'] }]);
    });

    it('can count by a tenant, also after a while', async () => {
      const { url } = await open({
        identify: async ({ headers }, caller) => {
          await Promise.resolve();
          return { ...caller, userId: `tenant:${String(headers['x-tenant'])}` };
        },
      });
      expect(await answered(url, 'f', { 'x-tenant': 'one' })).toBe(3);
      expect(await answered(url, 'f', { 'x-tenant': 'two' })).toBe(3);
      expect(await answered(url, 'f', { 'x-tenant': 'one' })).toBe(0);
    });

    it.each([
      ['throws', () => () => refuse()],
      ['rejects with', () => () => Promise.resolve().then(refuse)],
    ])('that %s a client error refuses the request, of which nothing runs', async (_title, hook) => {
      const { url } = await open({ identify: hook() });
      const { status, body } = await ask(url, '{ f }');
      expect({ status, body }).toEqual({
        status: 403,
        body: { errors: [{ message: 'Your account is closed.', extensions: { code: 'FORBIDDEN' } }] },
      });
    });

    it('that fails in any other way is masked and logged', async () => {
      const { log, lines } = createLog();
      const identify = () => Promise.reject(new Error('the directory is down'));
      const { url } = await open({ identify, log });
      const { status, body } = await ask(url, '{ f }');
      expect({ status, codes: codes(body) }).toEqual({ status: 500, codes: ['INTERNAL_SERVER_ERROR'] });
      expect(JSON.stringify(body)).not.toContain('directory');
      expect(lines).toMatchObject([{ level: 50, err: { message: 'the directory is down' } }]);
    });

    it('that names nobody fails every operation alike, limited or not', async () => {
      const { url } = await open({
        identify: (() => undefined) as unknown as NonNullable<AppOptions['identify']>,
      });
      for (const query of ['{ f }', '{ __typename }'])
        expect(codes((await ask(url, query)).body)).toEqual(['INTERNAL_SERVER_ERROR']);
    });
  });

  describe('the hook exempt', () => {
    it('frees callers of a tier', async () => {
      const exempt: AppOptions['exempt'] = ({ caller }) => caller.tiers.includes('STAFF');
      const { url } = await open({ exempt, identify: selfDeclared });
      expect(await answered(url, 'f', as({ tiers: 'STAFF' }))).toBe(12);
      expect(await answered(url, 'f')).toBe(3);
    });

    it('frees a field', async () => {
      const { url } = await open({ exempt: ({ coordinate }) => coordinate === 'Query.f' });
      expect([await answered(url, 'f'), await answered(url, 'g')]).toEqual([12, 3]);
      expect(await leftOf(url, 'Query.f')).toBe(3);
    });

    it('frees from one policy, while the others of the field count', async () => {
      const { url } = await open({ exempt: ({ policy }) => policy === 'burst' });
      expect(await answered(url, 'twice')).toBe(4);
      expect([await leftOf(url, 'burst'), await leftOf(url, 'daily')]).toEqual([2, 0]);
    });

    it('frees from the limit of whole operations', async () => {
      const exempt: AppOptions['exempt'] = ({ policy, coordinate }) =>
        `${policy} ${coordinate}` === 'schema schema';
      const whole = `${typeDefs} extend schema @rateLimit(limit: 1)`;
      const { url } = await start({ typeDefs: whole, resolvers, exempt });
      for (let count = 0; count < 3; count += 1) expect((await ask(url, '{ g }')).status).toBe(200);
      expect((await ask(url, '{ g }')).body.errors).toMatchObject([{ extensions: { policy: 'Query.g' } }]);
    });

    it('that throws is logged, and exempts nobody', async () => {
      const { log, lines } = createLog();
      const exempt = () => {
        throw new Error('no list');
      };
      const { url } = await open({ exempt, log });
      expect(await answered(url, 'f', {}, 4)).toBe(3);
      expect(lines[0]).toMatchObject({
        level: 50,
        err: { message: 'no list' },
        msg: 'the hook exempt failed',
      });
    });
  });
});

function refuse(): never {
  throw clientError('FORBIDDEN', 'Your account is closed.');
}
