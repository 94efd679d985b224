import { describe, expect, it } from 'vitest';
import { ask, codes } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { ada, createUser, from, login, signUp } from '../../support/people.ts';

describeEngines((start) => {
  describe('createUser', () => {
    it('reports every problem at once, by field', async () => {
      const { url } = await start();
      const { status, body } = await createUser(url, { name: ' ', email: 'ada', password: 'short' });
      expect(status).toBe(200);
      expect(body.data).toEqual({ createUser: null });
      expect(body.errors).toMatchObject([{ path: ['createUser'], extensions: { code: 'BAD_USER_INPUT' } }]);
      expect(body.errors?.[0]?.extensions?.['fields']).toEqual({
        name: ['Must not be empty.'],
        email: ['Must be an e-mail address.'],
        password: ['Must have at least 8 characters.'],
      });
    });

    it.each(['name', 'email'])('refuses control characters in the %s', async (field) => {
      const { url } = await start();
      const { body } = await createUser(url, { ...ada, [field]: `a\u0000${ada.email}` });
      expect(codes(body)).toEqual(['BAD_USER_INPUT']);
      expect(Object.keys(body.errors?.[0]?.extensions?.['fields'] as object)).toEqual([field]);
    });

    it('has a CONFLICT with the same e-mail address in another case', async () => {
      const { url } = await start();
      const { name, email } = ada;
      expect((await createUser(url, ada)).body).toEqual({ data: { createUser: { id: '1', name, email } } });
      const { status, body } = await createUser(url, { ...ada, email: 'ADA@Example.com' });
      expect({ status, codes: codes(body) }).toEqual({ status: 200, codes: ['CONFLICT'] });
    });

    it('succeeds for exactly one of 20 that race for an address', async () => {
      const { url } = await start({ env: { TRUST_PROXY: '1' } });
      const replies = await Promise.all(
        Array.from({ length: 20 }, (_, index) => createUser(url, ada, from(`192.0.2.${index + 1}`))),
      );
      expect(replies.filter(({ body }) => body.errors === undefined)).toHaveLength(1);
      expect(replies.flatMap(({ body }) => codes(body))).toEqual(Array(19).fill('CONFLICT'));
      expect((await ask(url, '{ users { id } }')).body.data?.['users']).toHaveLength(1);
    });

    it('never tells the password or its hash', async () => {
      const { url } = await start();
      const { body } = await ask(url, '{ __type(name: "User") { fields { name } } }');
      expect(body.data).toEqual({
        __type: { fields: [{ name: 'id' }, { name: 'name' }, { name: 'email' }] },
      });
    });
  });

  describe('login', () => {
    it('gives a token that says who asks', async () => {
      const { url } = await start();
      const headers = await signUp(url, ada);
      const { body } = await ask(url, '{ me { name email } }', { headers });
      expect(body).toEqual({ data: { me: { name: ada.name, email: ada.email } } });
    });

    it('tells when the token ends', async () => {
      const { url, clock } = await start({ env: { JWT_LIFETIME: '600' } });
      await createUser(url, ada);
      const { body } = await login(url, { ...ada, email: 'ADA@EXAMPLE.COM' });
      const expiresAt = new Date(clock.now() + 600_000).toISOString();
      expect(body.data).toMatchObject({ login: { expiresAt, user: { name: 'Ada' } } });
    });

    it('fails in the same way for a wrong password and for an unknown address', async () => {
      const { url } = await start();
      await createUser(url, ada);
      const wrongPassword = await login(url, { ...ada, password: 'difference engine' });
      const unknownAddress = await login(url, { ...ada, email: 'nobody@example.com' });
      expect(codes(wrongPassword.body)).toEqual(['UNAUTHENTICATED']);
      expect(unknownAddress.body).toEqual(wrongPassword.body);
      expect(unknownAddress.status).toBe(wrongPassword.status);
    });
  });
});
