import Sqlite from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { findApiKey, insertApiKey } from '../src/database/api-keys.ts';
import { migrate } from '../src/database/migrate.ts';
import { insertProduct, listProducts } from '../src/shop/queries/products.ts';
import { findUser, insertUser, listUsers } from '../src/shop/queries/users.ts';
import {
  allMigrations,
  type AllTables,
  openTestDatabase,
  type TestDatabase,
} from '../tests/support/database.ts';

/** Ways to read the same rows. */
export interface Contender {
  readonly listProducts: () => Promise<readonly unknown[]>;
  readonly listUsers: () => Promise<readonly unknown[]>;
  readonly findUser: () => Promise<unknown>;
  readonly findApiKey: () => Promise<unknown>;
}

const first = 100;
const userId = 7;
const keyHash = 'a'.repeat(64);

/** Makes a file with so many products and users, and an API key. */
export async function fill(path: string, rows: number): Promise<void> {
  await using db = openTestDatabase(`sqlite:${path}`);
  await migrate(db, allMigrations);
  for (let n = 1; n <= rows; n += 1) {
    await insertProduct(db, { name: `Product ${n}`, price_cents: n });
    await insertUser(db, { name: `User ${n}`, email: `${n}@example.com`, password_hash: '' });
  }
  await insertApiKey(db, { name: 'key', keyHash, tiers: ['USER'], createdAt: new Date() });
}

/** Opens a file for the data layer with and without a listener, for better-sqlite3, and for Kysely. */
export function openContenders(path: string): { contenders: Contender[]; close: () => Promise<void> } {
  const tracked = openTestDatabase(`sqlite:${path}`, { onRead: () => undefined, onWrite: () => undefined });
  const untracked = openTestDatabase(`sqlite:${path}`);
  const sqlite = new Sqlite(path);
  const kysely = new Kysely<AllTables>({ dialect: new SqliteDialect({ database: new Sqlite(path) }) });
  const databases = [tracked, untracked, kysely];
  return {
    contenders: [dataLayer(tracked), dataLayer(untracked), preparedOnce(sqlite), queryBuilder(kysely)],
    async close() {
      for (const db of databases) await db.destroy();
      sqlite.close();
    },
  };
}

function dataLayer(db: TestDatabase): Contender {
  return {
    listProducts: () => listProducts(db, { first }),
    listUsers: () => listUsers(db, { first }),
    findUser: () => findUser(db, userId),
    findApiKey: () => findApiKey(db, keyHash),
  };
}

function preparedOnce(sqlite: Sqlite.Database): Contender {
  const products = sqlite.prepare(
    'select id, name, price_cents from products where id > ? order by id limit ?',
  );
  const users = sqlite.prepare('select id, name, email from users where id > ? order by id limit ?');
  const user = sqlite.prepare('select id, name, email from users where id = ?');
  const apiKey = sqlite.prepare(
    'select id, name, tiers, created_at, revoked_at from sluice_api_keys where revoked_at is null and key_hash = ?',
  );
  return {
    listProducts: () => Promise.resolve(products.all(0, first)),
    listUsers: () => Promise.resolve(users.all(0, first)),
    findUser: () => Promise.resolve(user.get(userId)),
    findApiKey: () => Promise.resolve(apiKey.get(keyHash)),
  };
}

function queryBuilder(db: Kysely<AllTables>): Contender {
  const products = () => db.selectFrom('products').select(['id', 'name', 'price_cents']);
  const users = () => db.selectFrom('users').select(['id', 'name', 'email']);
  const keys = () =>
    db.selectFrom('sluice_api_keys').select(['id', 'name', 'tiers', 'created_at', 'revoked_at']);
  return {
    listProducts: () => products().where('id', '>', 0).orderBy('id').limit(first).execute(),
    listUsers: () => users().where('id', '>', 0).orderBy('id').limit(first).execute(),
    findUser: () => users().where('id', '=', userId).executeTakeFirst(),
    findApiKey: () =>
      keys().where('revoked_at', 'is', null).where('key_hash', '=', keyHash).executeTakeFirst(),
  };
}
