import { beforeEach, describe, expect, it } from 'vitest';
import { codes, type OpenShop, openShop, stranger, tokenLifetime } from './open-shop.ts';
import { CreateUserDocument, LoginDocument } from './operations.generated.ts';

const email = 'Odysseus@example.com';
const password = 'correct horse';

describe('login', () => {
  let api: OpenShop;

  beforeEach(async () => {
    api = await openShop();
    await api.run(CreateUserDocument, { input: { name: 'Odysseus', email, password } });
  });

  const login = async (input: { email: string; password: string }, caller?: ReturnType<typeof stranger>) =>
    api.run(LoginDocument, { input }, caller);

  it('gives a token that says who the user is and when it ends', async () => {
    const { data } = await login({ email, password });
    expect(data?.login?.user).toEqual({ id: '1', name: 'Odysseus', email });
    expect(await api.tokens.verify(data?.login?.token ?? '')).toBe('1');
    expect(data?.login?.expiresAt).toBe(new Date(api.clock.now() + tokenLifetime * 1000).toISOString());
  });

  it('takes the address in any case', async () => {
    expect((await login({ email: ' ODYSSEUS@example.COM', password })).errors).toEqual([]);
  });

  it('does not say whether the address or the password was wrong', async () => {
    const wrong = [
      await login({ email, password: 'wrong' }),
      await login({ email: 'nobody@example.com', password: '' }),
    ];
    for (const { data, errors } of wrong) {
      expect(data).toEqual({ login: null });
      expect(errors.map(({ message, extensions }) => [message, extensions['code']])).toEqual([
        ['The e-mail address or the password is wrong.', 'UNAUTHENTICATED'],
      ]);
    }
  });

  it('succeeds any number of times', async () => {
    for (let n = 0; n < 8; n += 1) expect((await login({ email, password }, stranger(0))).errors).toEqual([]);
  });

  it('says what cannot be an address or a password before it looks for either', async () => {
    const { errors } = await login({ email: `${'x'.repeat(250)}@example.com`, password: 'x'.repeat(129) });
    expect(errors.map(({ extensions }) => extensions)).toEqual([
      {
        code: 'BAD_USER_INPUT',
        fields: {
          email: ['Must have at most 254 characters.'],
          password: ['Must have at most 128 characters.'],
        },
      },
    ]);
  });

  it('has failed as well where the input is not valid', async () => {
    for (let n = 0; n < 5; n += 1) await login({ email, password: 'x'.repeat(129) }, stranger(0));
    const { errors } = await login({ email, password }, stranger(0));
    expect(errors[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', policy: 'Mutation.login' });
  });

  it('may fail 5 times in 15 minutes for one address from one place, which stays open to its owner', async () => {
    for (let n = 0; n < 5; n += 1) await login({ email, password: 'wrong' }, stranger(0));
    const { errors } = await login({ email, password }, stranger(0));
    expect(errors[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', policy: 'Mutation.login' });
    expect((await login({ email, password }, stranger(1))).errors).toEqual([]);
  });

  it('may fail 20 times in 15 minutes for one address, wherever from, and is then closed to its owner', async () => {
    for (let n = 0; n < 20; n += 1) await login({ email, password: 'wrong' });
    const { errors } = await login({ email, password });
    expect(errors[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', policy: 'Mutation.login.email' });
    api.clock.advance(Number(errors[0]?.extensions['retryAfter']));
    expect((await login({ email, password })).errors).toEqual([]);
  });

  it('counts every spelling that signs in as the same address', async () => {
    const spellings = [
      email.toUpperCase(),
      ` ${email}`,
      `${email}\r\n`,
      `\t${email.toLowerCase()}`,
      `\u00a0${email}`,
      email,
    ];
    const results = [];
    for (const spelling of spellings)
      results.push(await login({ email: spelling, password: 'wrong' }, stranger(0)));
    expect(results.flatMap(({ errors }) => codes(errors))).toEqual([
      ...Array<string>(5).fill('UNAUTHENTICATED'),
      'RATE_LIMITED',
    ]);
  });

  it('may fail 50 times in 15 minutes from one place, for whichever addresses', async () => {
    const results = [];
    for (let n = 0; n < 51; n += 1)
      results.push(await login({ email: `${n}@example.com`, password }, stranger(0)));
    expect(results.at(-1)?.errors[0]?.extensions).toMatchObject({
      code: 'RATE_LIMITED',
      policy: 'Mutation.login.ip',
    });
    expect((await login({ email, password })).errors).toEqual([]);
  });

  it('takes nothing from an address whose attempt was denied because of the place', async () => {
    for (let n = 0; n < 50; n += 1) await login({ email: `${n}@example.com`, password }, stranger(0));
    for (let n = 0; n < 20; n += 1) await login({ email, password: 'wrong' }, stranger(0));
    expect((await login({ email, password })).errors).toEqual([]);
  });
});
