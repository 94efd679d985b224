import { describe, expect, it } from 'vitest';
import type { Start } from '../support/app.ts';
import { ask, askAll, codes } from '../support/client.ts';
import { ada, createUser, from, login } from './people.ts';

const wrong = { ...ada, password: 'difference engine' };
const failing = 'login(input: { email: "ada@example.com", password: "x" }) { token }';

export function describeLoginLimits(start: Start): void {
  describe('login', () => {
    it('is limited by failures alone', async () => {
      const { url } = await start();
      await createUser(url, ada);
      for (let count = 0; count < 4; count += 1) await login(url, wrong);
      for (let count = 0; count < 3; count += 1) expect((await login(url, ada)).body.errors).toBeUndefined();
      expect(codes((await login(url, wrong)).body)).toEqual(['UNAUTHENTICATED']);
      const { status, body } = await login(url, ada);
      expect({ status, codes: codes(body) }).toEqual({ status: 429, codes: ['RATE_LIMITED'] });
    });

    it('allows one more attempt as each failure turns 15 minutes old', async () => {
      const { url, clock } = await start();
      for (let count = 0; count < 5; count += 1) {
        await login(url, wrong);
        clock.advance(60);
      }
      const { headers, body } = await login(url, wrong);
      expect(body.errors).toMatchObject([
        { extensions: { code: 'RATE_LIMITED', retryAfter: 600, window: 900 } },
      ]);
      expect(headers.get('retry-after')).toBe('600');
      clock.advance(599);
      expect((await login(url, wrong)).status).toBe(429);
      clock.advance(1);
      expect(codes((await login(url, wrong)).body)).toEqual(['UNAUTHENTICATED']);
      expect((await login(url, wrong)).status).toBe(429);
    });

    it('is limited by e-mail address, however it is written and wherever it comes from', async () => {
      const { url } = await start({ env: { TRUST_PROXY: '1' } });
      const spellings = [
        'ada@example.com',
        'ADA@example.com',
        'Ada@Example.Com',
        'aDa@example.com',
        'ada@EXAMPLE.COM',
      ];
      for (const [index, email] of spellings.entries()) {
        expect((await login(url, { ...wrong, email }, from(`192.0.2.${index}`))).status).toBe(200);
      }
      const { status, body } = await login(url, wrong, from('192.0.2.9'));
      expect(status).toBe(429);
      expect(body.errors).toMatchObject([{ extensions: { policy: 'Mutation.login.email' } }]);
      expect((await login(url, { ...wrong, email: 'other@example.com' }, from('192.0.2.9'))).status).toBe(
        200,
      );
    });

    it('is limited by address, whoever signs in', async () => {
      const { url } = await start({ env: { TRUST_PROXY: '1' } });
      const attempt = (name: string, address: string) =>
        login(url, { ...wrong, email: `${name}@example.com` }, from(address));
      for (const name of ['a', 'b', 'c', 'd', 'e'])
        expect((await attempt(name, '192.0.2.1')).status).toBe(200);
      const { status, body } = await attempt('f', '192.0.2.1');
      expect(status).toBe(429);
      expect(body.errors).toMatchObject([{ extensions: { policy: 'Mutation.login.ip' } }]);
      expect((await attempt('f', '192.0.2.2')).status).toBe(200);
    });

    it('is limited as aliases in one operation', async () => {
      const { url } = await start();
      const logins = Array.from({ length: 7 }, (_, index) => `a${index}: ${failing}`);
      const { body } = await ask(url, `mutation { ${logins.join(' ')} }`);
      const wrongs = Array<string>(5).fill('UNAUTHENTICATED');
      expect(codes(body)).toEqual([...wrongs, 'RATE_LIMITED', 'RATE_LIMITED']);
    });

    it('is limited as a batch', async () => {
      const { url } = await start();
      const answers = await askAll(url, Array<string>(7).fill(`mutation { ${failing} }`));
      const wrongs = Array<string>(5).fill('UNAUTHENTICATED');
      expect(answers.flatMap(codes).toSorted()).toEqual(['RATE_LIMITED', 'RATE_LIMITED', ...wrongs]);
    });
  });
}
