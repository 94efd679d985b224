import { describe, expect, it } from 'vitest';
import { codes, type OpenShop, openShop, stranger, tokenLifetime, user } from './open-shop.ts';
import { CreateUserDocument, MeDocument, UserDocument, UsersDocument } from './operations.generated.ts';

const ada = { name: 'Ada', email: 'ada@example.com', password: 'correct horse' };

async function createUsers(api: OpenShop, count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, n) => ({
    name: `User ${n + 1}`,
    email: `${n + 1}@example.com`,
    email_key: `${n + 1}@example.com`,
    password_hash: 'secret',
  }));
  await api.db.insertInto('users').values(rows).execute();
}

describe('users', () => {
  it('are none at first', async () => {
    expect(await (await openShop()).run(UsersDocument, {})).toEqual({ data: { users: [] }, errors: [] });
  });

  it('come by id, at most 100', async () => {
    const api = await openShop();
    await createUsers(api, 101);
    const { data } = await api.run(UsersDocument, {});
    expect(data?.users?.map(({ id }) => Number(id))).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
  });

  it('come page by page', async () => {
    const api = await openShop();
    await createUsers(api, 5);
    const seen: string[] = [];
    let after: string | undefined;
    for (let page = 0; page < 4; page += 1) {
      const { data } = await api.run(UsersDocument, { first: 2, ...(after && { after }) });
      seen.push(...(data?.users ?? []).map(({ name }) => name));
      after = data?.users?.at(-1)?.id ?? after;
    }
    expect(seen).toEqual(['User 1', 'User 2', 'User 3', 'User 4', 'User 5']);
  });

  it.each([1, 500])('can be %d on a page', async (first) => {
    const { errors } = await (await openShop()).run(UsersDocument, { first });
    expect(errors).toEqual([]);
  });

  it.each([
    [{ first: 0 }, { first: ['Must be at least 1.'] }],
    [{ first: -1 }, { first: ['Must be at least 1.'] }],
    [{ first: 501 }, { first: ['Must be at most 500.'] }],
    [{ after: 'abc' }, { after: ['Must be the id of the last item before the page.'] }],
    [{ after: '-1' }, { after: ['Must be the id of the last item before the page.'] }],
    [{ after: '' }, { after: ['Must be the id of the last item before the page.'] }],
    [
      { first: 0, after: '1 or 1=1' },
      { first: ['Must be at least 1.'], after: ['Must be the id of the last item before the page.'] },
    ],
  ])('cannot be paged by %j', async (variables, fields) => {
    const { data, errors } = await (await openShop()).run(UsersDocument, variables);
    expect(data).toEqual({ users: null });
    expect(errors.map(({ extensions }) => extensions)).toEqual([{ code: 'BAD_USER_INPUT', fields }]);
  });

  it.each(['0', '999999999999999'])('may be asked for after an id that nobody has: %s', async (after) => {
    expect((await (await openShop()).run(UsersDocument, { after })).errors).toEqual([]);
  });
});

describe('user', () => {
  it('finds a user by id', async () => {
    const api = await openShop();
    await createUsers(api, 2);
    const { data } = await api.run(UserDocument, { id: '2' });
    expect(data).toEqual({ user: { id: '2', name: 'User 2', email: '2@example.com' } });
  });

  it.each(['2', '0', '-1', '01', ' 1', '1.0', '1e0', 'abc', '', '99999999999999999999', 'NaN'])(
    'is null for an id that nobody has: %j',
    async (id) => {
      const api = await openShop();
      await createUsers(api, 1);
      expect(await api.run(UserDocument, { id })).toEqual({ data: { user: null }, errors: [] });
    },
  );

  it('may be asked for 10 times a minute, and 100 times by signed-in users', async () => {
    const api = await openShop();
    const askFor = async (times: number, caller = stranger(0)): Promise<unknown[]> => {
      const results = [];
      for (let n = 0; n < times; n += 1) results.push(await api.run(UserDocument, { id: '1' }, caller));
      return results.flatMap(({ errors }) => codes(errors));
    };
    expect(await askFor(11)).toEqual(['RATE_LIMITED']);
    expect(await askFor(101, user('1'))).toEqual(['RATE_LIMITED']);
    expect(await askFor(200, { ...stranger(1), tiers: ['USER', 'ADMIN'] })).toEqual([]);
  });
});

describe('me', () => {
  it('is the signed-in user', async () => {
    const api = await openShop();
    await createUsers(api, 2);
    const { data } = await api.run(MeDocument, {}, user('2'));
    expect(data?.me?.name).toBe('User 2');
  });

  it('is null for callers who are not signed in, and for users who are gone', async () => {
    const api = await openShop();
    expect(await api.run(MeDocument, {})).toEqual({ data: { me: null }, errors: [] });
    expect(await api.run(MeDocument, {}, user('7'))).toEqual({ data: { me: null }, errors: [] });
  });
});

describe('createUser', () => {
  it('creates an account, with space around its texts removed', async () => {
    const api = await openShop();
    const input = { ...ada, name: ' Ada ', email: ' Ada@example.com ' };
    const { data, errors } = await api.run(CreateUserDocument, { input });
    expect({ data, errors }).toEqual({
      data: { createUser: { id: '1', name: 'Ada', email: 'Ada@example.com' } },
      errors: [],
    });
    expect((await api.run(UsersDocument, {})).data?.users).toEqual([data?.createUser]);
  });

  it('keeps the password as a hash only', async () => {
    const api = await openShop();
    await api.run(CreateUserDocument, { input: ada });
    const row = await api.db.selectFrom('users').selectAll().executeTakeFirstOrThrow();
    expect(row.password_hash).toMatch(/^\$argon2id\$/);
    expect(JSON.stringify(row)).not.toContain(ada.password);
  });

  it.each(['ada@example.com', 'ADA@Example.com', ' ada@example.com '])(
    'is a conflict for an address that is taken: %j',
    async (email) => {
      const api = await openShop();
      await api.run(CreateUserDocument, { input: ada });
      const { data, errors } = await api.run(CreateUserDocument, { input: { ...ada, email } });
      expect(data).toEqual({ createUser: null });
      expect(codes(errors)).toEqual(['CONFLICT']);
      expect(errors[0]?.message).toBe('There is an account with this e-mail address already.');
    },
  );

  it.each([
    { name: 'A' },
    { name: 'x'.repeat(100) },
    { name: 'Zoë 李' },
    { email: `${'x'.repeat(64)}@${'y'.repeat(60)}.example.com` },
    { password: '12345678' },
    { password: 'x'.repeat(128) },
    { password: '        ' },
  ])('takes %j', async (values) => {
    const { errors } = await (await openShop()).run(CreateUserDocument, { input: { ...ada, ...values } });
    expect(errors).toEqual([]);
  });

  it.each([
    [{ name: '' }, { name: ['Must not be empty.'] }],
    [{ name: ' \t' }, { name: ['Must not be empty.'] }],
    [{ name: 'x'.repeat(101) }, { name: ['Must have at most 100 characters.'] }],
    [{ name: 'A\u0000da' }, { name: ['Must not contain control characters.'] }],
    [{ name: 'A\nda' }, { name: ['Must not contain control characters.'] }],
    [{ email: '' }, { email: ['Must not be empty.'] }],
    [{ email: 'ada' }, { email: ['Must be an e-mail address.'] }],
    [{ email: 'ada@' }, { email: ['Must be an e-mail address.'] }],
    [{ email: 'a b@example.com' }, { email: ['Must be an e-mail address.'] }],
    [{ email: `${'x'.repeat(250)}@example.com` }, { email: ['Must have at most 254 characters.'] }],
    [{ password: '1234567' }, { password: ['Must have at least 8 characters.'] }],
    [{ password: 'x'.repeat(129) }, { password: ['Must have at most 128 characters.'] }],
    [
      { name: '', email: 'ada', password: '' },
      {
        name: ['Must not be empty.'],
        email: ['Must be an e-mail address.'],
        password: ['Must have at least 8 characters.'],
      },
    ],
  ])('says all that is wrong with %j', async (values, fields) => {
    const api = await openShop();
    const { data, errors } = await api.run(CreateUserDocument, { input: { ...ada, ...values } });
    expect(data).toEqual({ createUser: null });
    expect(errors.map(({ extensions }) => extensions)).toEqual([{ code: 'BAD_USER_INPUT', fields }]);
    expect((await api.run(UsersDocument, {})).data?.users).toEqual([]);
  });

  it('may be tried 3 times an hour', async () => {
    const api = await openShop();
    const tries = [];
    for (let n = 0; n < 4; n += 1)
      tries.push(await api.run(CreateUserDocument, { input: { ...ada, email: 'no' } }, stranger(0)));
    expect(tries.flatMap(({ errors }) => codes(errors))).toEqual([
      ...Array<string>(3).fill('BAD_USER_INPUT'),
      'RATE_LIMITED',
    ]);
    api.clock.advance(tokenLifetime);
    expect((await api.run(CreateUserDocument, { input: ada }, stranger(0))).errors).toEqual([]);
  });
});
