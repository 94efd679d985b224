import { describe, expect, it } from 'vitest';
import { revokeApiKey } from '../../src/database/api-keys.ts';
import { aliased, ask, codes } from '../support/client.ts';
import { openTestDatabase } from '../support/database.ts';
import { describeEngines } from '../support/describe-engines.ts';
import { ada, from, signUp } from '../support/people.ts';
import { temporaryDatabase } from '../support/program.ts';

const create = 'mutation { createProduct(input: { name: "Ghee", price: 9.99 }) { name price } }';

describeEngines((start) => {
  describe('a caller', () => {
    it.each([
      ['an unknown key', { 'x-api-key': 'slk_unknown' }],
      ['an empty key', { 'x-api-key': '' }],
      ['a bad token', { authorization: 'Bearer no.such.token' }],
      ['a scheme that is not known', { authorization: 'Basic YTpi' }],
    ])('with %s is turned away, never taken for anonymous', async (_title, headers) => {
      const { url } = await start();
      const { status, headers: answered, body } = await ask(url, '{ __typename }', { headers });
      expect({ status, codes: codes(body) }).toEqual({ status: 401, codes: ['UNAUTHENTICATED'] });
      expect(body).not.toHaveProperty('data');
      expect(answered.get('www-authenticate')).toBe('Bearer');
    });

    it('with a key is turned away once the key is revoked', async () => {
      const database = temporaryDatabase();
      const { url, by, clock } = await start({
        keys: { partner: ['PAID'] },
        env: { DATABASE_URL: database },
      });
      expect((await ask(url, '{ __typename }', { headers: by.partner })).status).toBe(200);
      await using otherProcess = openTestDatabase(database);
      await revokeApiKey(otherProcess, 'partner', new Date(clock.now()));
      const { status, body } = await ask(url, '{ __typename }', { headers: by.partner });
      expect({ status, codes: codes(body) }).toEqual({ status: 401, codes: ['UNAUTHENTICATED'] });
    });

    it('with a token is turned away once the token has expired, and not a second sooner', async () => {
      const { url, clock } = await start({ env: { JWT_LIFETIME: '60' } });
      const headers = await signUp(url, ada);
      clock.advance(59);
      expect((await ask(url, '{ me { name } }', { headers })).body.data).toEqual({ me: { name: 'Ada' } });
      clock.advance(1);
      const { status, body } = await ask(url, '{ me { name } }', { headers });
      expect({ status, codes: codes(body) }).toEqual({ status: 401, codes: ['UNAUTHENTICATED'] });
      expect(body.errors?.[0]?.message).toBe('The token has expired. Sign in again.');
    });

    it('with a good key and a bad token is turned away', async () => {
      const { url, adminKey = '' } = await start();
      const headers = { 'x-api-key': adminKey, authorization: 'Bearer no.such.token' };
      expect((await ask(url, '{ __typename }', { headers })).status).toBe(401);
    });

    it('is told apart behind a trusted proxy by the address that it gives', async () => {
      const { url } = await start({ env: { TRUST_PROXY: '1' } });
      const query = `{ ${aliased(5, 'products { id }')} }`;
      expect((await ask(url, query, { headers: from('192.0.2.1') })).body.errors).toBeUndefined();
      expect((await ask(url, query, { headers: from('192.0.2.1') })).status).toBe(429);
      expect((await ask(url, query, { headers: from('192.0.2.2') })).body.errors).toBeUndefined();
      // What a client itself writes into the field stands to the left of what the proxy adds.
      expect((await ask(url, query, { headers: from('198.51.100.9, 192.0.2.2') })).status).toBe(429);
      expect((await ask(url, query, { headers: from('::ffff:192.0.2.2') })).status).toBe(429);
    });

    it('of one IPv6 network is one', async () => {
      const { url } = await start({ env: { TRUST_PROXY: '1' } });
      const query = `{ ${aliased(5, 'products { id }')} }`;
      expect((await ask(url, query, { headers: from('2001:db8::1') })).status).toBe(200);
      expect((await ask(url, query, { headers: from('2001:db8::2:0:0:1') })).status).toBe(429);
      expect((await ask(url, query, { headers: from('2001:db8:0:1::1') })).status).toBe(200);
    });

    it('cannot choose an address where no proxy is trusted', async () => {
      const { url } = await start();
      const query = `{ ${aliased(5, 'products { id }')} }`;
      expect((await ask(url, query, { headers: from('192.0.2.1') })).status).toBe(200);
      expect((await ask(url, query, { headers: from('192.0.2.2') })).status).toBe(429);
    });
  });

  describe('a mutation for administrators', () => {
    it.each([
      create,
      'mutation { updateProduct(id: 1, input: { name: "Ghee", price: 1 }) { id } }',
      'mutation { deleteProduct(id: 1) }',
    ])('is FORBIDDEN for callers who are not signed in: %s', async (mutation) => {
      const { url } = await start();
      const { status, body } = await ask(url, mutation);
      expect({ status, codes: codes(body) }).toEqual({ status: 200, codes: ['FORBIDDEN'] });
      expect((await ask(url, '{ product(id: 1) { name } }')).body.data).toEqual({
        product: { name: 'Amul Butter' },
      });
    });

    it('is FORBIDDEN for users and for keys of other tiers', async () => {
      const { url, by } = await start({ keys: { partner: ['PAID'] } });
      const user = await signUp(url, ada);
      for (const headers of [user, by.partner, { ...user, ...by.partner }]) {
        expect(codes((await ask(url, create, { headers })).body)).toEqual(['FORBIDDEN']);
      }
    });

    it('runs for administrators', async () => {
      const { url, adminKey = '' } = await start();
      const headers = { 'x-api-key': adminKey };
      expect((await ask(url, create, { headers })).body.data).toEqual({
        createProduct: { name: 'Ghee', price: 9.99 },
      });
      const update = 'mutation { updateProduct(id: 4, input: { name: "Ghee", price: 12 }) { price } }';
      expect((await ask(url, update, { headers })).body.data).toEqual({ updateProduct: { price: 12 } });
      const remove = 'mutation { deleteProduct(id: 4) }';
      expect((await ask(url, remove, { headers })).body).toEqual({ data: { deleteProduct: true } });
      expect(codes((await ask(url, remove, { headers })).body)).toEqual(['NOT_FOUND']);
    });
  });
});
