import { expect, it } from 'vitest';
import { findCredentials, findUser, insertUser, listUsers } from '../../src/shop/queries/users.ts';
import type { User } from '../../src/shop/tables.ts';
import type { TestDatabase } from '../support/database.ts';
import { describeDatabases } from '../support/databases/describe-databases.ts';

const ada = { name: 'Ada', email: 'Ada@Example.com', password_hash: 'secret' };

async function insertUsers(db: TestDatabase, count: number): Promise<(User | undefined)[]> {
  const users: (User | undefined)[] = [];
  for (let n = 1; n <= count; n += 1) {
    users.push(
      await insertUser(db, { name: `User ${n}`, email: `${n}@example.com`, password_hash: 'secret' }),
    );
  }
  return users;
}

describeDatabases(({ open }) => {
  it('returns a new user as it was given, with an id and without the hash', async () => {
    const db = await open();
    const user = await insertUser(db, ada);
    expect(user).toEqual({ id: 1, name: 'Ada', email: 'Ada@Example.com' });
    expect(await findUser(db, 1)).toEqual(user);
    expect(await listUsers(db, { first: 10 })).toEqual([user]);
  });

  it.each(['Ada@Example.com', 'ada@example.com', ' ADA@EXAMPLE.COM ', 'ａｄａ@example.com'])(
    'takes %j for an address that is taken',
    async (email) => {
      const db = await open();
      await insertUser(db, ada);
      expect(await insertUser(db, { ...ada, email })).toBeUndefined();
      expect(await listUsers(db, { first: 10 })).toHaveLength(1);
    },
  );

  it('lets exactly one of 50 racing calls have an address', async () => {
    const db = await open();
    const emails = Array.from({ length: 50 }, (_, n) =>
      n % 2 === 0 ? 'ÉVA@example.com' : 'éva@Example.com',
    );
    const users = await Promise.all(emails.map((email) => insertUser(db, { ...ada, email })));
    expect(users.filter((user) => user !== undefined)).toHaveLength(1);
    expect(await listUsers(db, { first: 10 })).toHaveLength(1);
  });

  it('finds the credentials of an address in any case', async () => {
    const db = await open();
    const user = await insertUser(db, ada);
    expect(await findCredentials(db, ' aDA@eXAMPLE.COM')).toEqual({ user, passwordHash: 'secret' });
  });

  it('finds no credentials of an unknown address', async () => {
    const db = await open();
    await insertUser(db, ada);
    expect(await findCredentials(db, 'a%@example.com')).toBeUndefined();
    expect(await findCredentials(db, '\0')).toBeUndefined();
  });

  it.each([2, 0, -1, 1.5, 2 ** 31, 2 ** 53, Number.NaN, Infinity])('finds no user %d', async (id) => {
    const db = await open();
    await insertUser(db, ada);
    expect(await findUser(db, id)).toBeUndefined();
  });

  it('lists users page by page, by id', async () => {
    const db = await open();
    const users = await insertUsers(db, 5);
    expect(await listUsers(db, { first: 2 })).toEqual(users.slice(0, 2));
    expect(await listUsers(db, { first: 2, after: 2 })).toEqual(users.slice(2, 4));
    expect(await listUsers(db, { first: 2, after: 4 })).toEqual(users.slice(4));
    expect(await listUsers(db, { first: 2, after: 5 })).toEqual([]);
  });

  it('begins a page at the start, in the middle or behind the end, whatever it comes after', async () => {
    const db = await open();
    const users = await insertUsers(db, 2);
    expect(await listUsers(db, { first: 500, after: -1 })).toEqual(users);
    expect(await listUsers(db, { first: 500, after: undefined })).toEqual(users);
    expect(await listUsers(db, { first: 500, after: 2 ** 53 })).toEqual([]);
  });

  it.each([0, -1, 501, 1.5, Number.NaN])('refuses a page of %d rows', async (first) => {
    const db = await open();
    await expect(listUsers(db, { first })).rejects.toThrow(`A page has 1 to 500 rows, not ${first}.`);
  });
});
