import { compileOnce, foldCase } from '../../index.ts';
import { isId } from '../ids.ts';
import type { NewUser, ShopDatabase, User } from '../tables.ts';
import { type Page, pageBounds } from './page.ts';

const columns = ['id', 'name', 'email'] as const;

const usersAfter = compileOnce((db: ShopDatabase, after: number, limit: number) =>
  db.selectFrom('users').select(columns).where('id', '>', after).orderBy('id').limit(limit),
);

const userById = compileOnce((db: ShopDatabase, id: number) =>
  db.selectFrom('users').select(columns).where('id', '=', id),
);

const userByEmail = compileOnce((db: ShopDatabase, emailKey: string) =>
  db
    .selectFrom('users')
    .select([...columns, 'password_hash'])
    .where('email_key', '=', emailKey),
);

/**
 * A page of users, by id.
 * @throws RangeError when the page is out of bounds.
 */
export async function listUsers(db: ShopDatabase, page: Page): Promise<User[]> {
  const { limit, after } = pageBounds(page);
  return await usersAfter(db, after, limit);
}

/** The user with an id; undefined when there is none. */
export async function findUser(db: ShopDatabase, id: number): Promise<User | undefined> {
  if (!isId(id)) return undefined;
  const [user] = await userById(db, id);
  return user;
}

/** Adds a user; undefined when the e-mail address is taken, in any case. Of racing calls exactly one succeeds. */
export async function insertUser(db: ShopDatabase, user: NewUser): Promise<User | undefined> {
  return await db
    .insertInto('users')
    .values({ ...user, email_key: foldCase(user.email) })
    .onConflict((conflict) => conflict.column('email_key').doNothing())
    .returning(columns)
    .executeTakeFirst();
}

/** The user with an e-mail address, in any case, and the hash of the password. Nothing else reads the hash. */
export async function findCredentials(
  db: ShopDatabase,
  email: string,
): Promise<{ user: User; passwordHash: string } | undefined> {
  const [row] = await userByEmail(db, foldCase(email));
  if (row === undefined) return undefined;
  const { password_hash: passwordHash, ...user } = row;
  return { user, passwordHash };
}
