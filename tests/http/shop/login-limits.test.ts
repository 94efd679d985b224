import { describe, expect, it } from 'vitest';
import { aliased, ask, askAll, codes } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { ada, createUser, from, login } from '../../support/people.ts';
import { remaining } from '../../support/told-limits.ts';

const wrong = { ...ada, password: 'difference engine' };
const failing = 'login(input: { email: "ada@example.com", password: "x" }) { token }';

/** Fails to sign in so often, each time from another address. */
async function failElsewhere(url: string, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1)
    expect((await login(url, wrong, from(`192.0.2.${100 + index}`))).status).toBe(200);
}

describeEngines((start) => {
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

    it('is limited by e-mail address, however it is written', async () => {
      const { url } = await start();
      const spellings = [
        'ada@example.com',
        'ADA@example.com',
        'Ada@Example.Com',
        'aDa@example.com',
        'ada@EXAMPLE.COM',
      ];
      for (const email of spellings) expect((await login(url, { ...wrong, email })).status).toBe(200);
      const { status, body } = await login(url, wrong);
      expect(status).toBe(429);
      expect(body.errors).toMatchObject([{ extensions: { policy: 'Mutation.login' } }]);
      expect((await login(url, { ...wrong, email: 'other@example.com' })).status).toBe(200);
    });

    it('stays open to whoever is elsewhere than five wrong passwords for the same e-mail address', async () => {
      const { url } = await start({ env: { TRUST_PROXY: '1' } });
      await createUser(url, ada, from('192.0.2.1'));
      for (let count = 0; count < 6; count += 1) await login(url, wrong, from('192.0.2.2'));
      expect((await login(url, ada, from('192.0.2.2'))).status).toBe(429);
      expect((await login(url, ada, from('192.0.2.1'))).body.errors).toBeUndefined();
    });

    it('is limited by e-mail address wherever it comes from, less tightly', async () => {
      const { url } = await start({ env: { TRUST_PROXY: '1' } });
      await failElsewhere(url, 20);
      const { status, body } = await login(url, wrong, from('192.0.2.9'));
      expect(status).toBe(429);
      expect(body.errors).toMatchObject([{ extensions: { policy: 'Mutation.login.email' } }]);
      expect((await login(url, { ...wrong, email: 'other@example.com' }, from('192.0.2.9'))).status).toBe(
        200,
      );
    });

    it('is limited by address, whoever signs in, less tightly', async () => {
      const { url } = await start({ env: { TRUST_PROXY: '1' } });
      const attempt = (name: string, address: string) =>
        login(url, { ...wrong, email: `${name}@example.com` }, from(address));
      for (let count = 0; count < 50; count += 1)
        expect((await attempt(`a${count}`, '192.0.2.1')).status).toBe(200);
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

    it('is limited in requests that race', async () => {
      const { url } = await start();
      const replies = await Promise.all(Array.from({ length: 12 }, () => login(url, wrong)));
      const wrongs = Array<string>(5).fill('UNAUTHENTICATED');
      expect(replies.flatMap(({ body }) => codes(body)).toSorted()).toEqual([
        ...Array<string>(7).fill('RATE_LIMITED'),
        ...wrongs,
      ]);
    });

    it('lets in everybody who knows their password, however many try at once', async () => {
      const { url } = await start();
      await createUser(url, ada);
      const replies = await Promise.all(Array.from({ length: 20 }, () => login(url, ada)));
      expect(replies.flatMap(({ body }) => codes(body))).toEqual([]);
      expect(await remaining(url, 'Mutation.login.ip')).toBe(50);
    });

    it('finds the right passwords among wrong ones that race, and no more than five of those', async () => {
      const { url } = await start();
      await createUser(url, ada);
      const attempts = Array.from({ length: 24 }, (_, index) => (index % 6 === 5 ? wrong : ada));
      const replies = await Promise.all(attempts.map((attempt) => login(url, attempt)));
      const failed = replies.filter(({ body }) => body.errors !== undefined);
      expect(failed.flatMap(({ body }) => codes(body))).toEqual(Array<string>(4).fill('UNAUTHENTICATED'));
      expect(await remaining(url, 'Mutation.login.ip')).toBe(46);
    });

    it.each(['one operation', 'a batch'])(
      'counts the failures alone among the attempts of %s',
      async (how) => {
        const { url } = await start();
        await createUser(url, ada);
        const right = failing.replace('"x"', `"${ada.password}"`);
        const attempts = [right, failing, right, failing, failing];
        const answers =
          how === 'a batch'
            ? await askAll(
                url,
                attempts.map((attempt) => `mutation { ${attempt} }`),
              )
            : [
                (
                  await ask(
                    url,
                    `mutation { ${attempts.map((attempt, index) => `a${index}: ${attempt}`).join(' ')} }`,
                  )
                ).body,
              ];
        expect(answers.flatMap(codes)).toEqual(Array<string>(3).fill('UNAUTHENTICATED'));
        expect(await remaining(url, 'Mutation.login.ip')).toBe(47);
        const more = await askAll(url, Array<string>(4).fill(`mutation { ${failing} }`));
        expect(more.flatMap(codes).toSorted()).toEqual([
          'RATE_LIMITED',
          'RATE_LIMITED',
          'UNAUTHENTICATED',
          'UNAUTHENTICATED',
        ]);
      },
    );

    it('is limited by e-mail address, whatever space is around it', async () => {
      const { url } = await start();
      const spellings = [
        ' ada@example.com',
        'ada@example.com ',
        '\tADA@example.com',
        'ada@example.com\n',
        '  ada@example.com\r\n',
      ];
      for (const email of spellings) expect((await login(url, { ...wrong, email })).status).toBe(200);
      expect((await login(url, { ...wrong, email: 'ada@example.com' })).status).toBe(429);
    });

    it('takes nothing from an address for attempts that the e-mail address is denied', async () => {
      const { url } = await start({ env: { TRUST_PROXY: '1' } });
      await failElsewhere(url, 20);
      for (let count = 0; count < 10; count += 1)
        expect((await login(url, wrong, from('192.0.2.2'))).status).toBe(429);
      expect(await remaining(url, 'Mutation.login.ip', from('192.0.2.2'))).toBe(50);
    });

    it('gives back what was taken together together, when it is 15 minutes old', async () => {
      const { url, clock } = await start();
      const attempt = async (count: number) => {
        const { body } = await ask(url, `mutation { ${aliased(count, failing)} }`);
        return codes(body).filter((code) => code === 'UNAUTHENTICATED').length;
      };
      expect(await attempt(3)).toBe(3);
      clock.advance(100);
      expect(await attempt(1)).toBe(1);
      clock.advance(100);
      expect(await attempt(9)).toBe(1);
      for (const [seconds, count] of [
        [699, 0],
        [1, 3],
        [99, 0],
        [1, 1],
        [100, 1],
        [699, 0],
        [1, 3],
      ] as const) {
        clock.advance(seconds);
        expect(await attempt(9)).toBe(count);
      }
    });

    it('names a wait that suffices for all limits', async () => {
      const { url, clock } = await start({ env: { TRUST_PROXY: '1' } });
      const here = from('192.0.2.1');
      await failElsewhere(url, 20);
      clock.advance(300);
      for (let count = 0; count < 50; count += 1)
        await login(url, { ...wrong, email: `other${count}@example.com` }, here);
      const { headers, body } = await login(url, wrong, here);
      expect(headers.get('retry-after')).toBe('900');
      expect(body.errors).toMatchObject([{ extensions: { policy: 'Mutation.login.ip', retryAfter: 900 } }]);
      clock.advance(900);
      expect(codes((await login(url, wrong, here)).body)).toEqual(['UNAUTHENTICATED']);
    });
  });
});
