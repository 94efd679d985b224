import { hash } from '@node-rs/argon2';
import type { Caller } from './caller.ts';
import { db } from './database.ts';

interface Page {
  readonly first: number;
  readonly after?: string;
}

interface CreateUser {
  readonly input: { readonly name: string; readonly email: string; readonly password: string };
}

/** What resolvers find in their context. */
export interface Context {
  readonly caller: Caller;
}

const user = ['id', 'name', 'email'] as const;
// As expensive as what Sluice does.
const hashing = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

function findUser(id: number) {
  return db.selectFrom('users').select(user).where('id', '=', id).executeTakeFirst();
}

/** Resolvers of the peers' schema, which do what those of Sluice's sample API do. */
export const resolvers = {
  Query: {
    users: (_: unknown, { first, after = '0' }: Page) =>
      db
        .selectFrom('users')
        .select(user)
        .where('id', '>', Number(after))
        .orderBy('id')
        .limit(first)
        .execute(),
    user: (_: unknown, { id }: { readonly id: string }) => findUser(Number(id)),
    me: (_: unknown, _args: unknown, { caller: { userId } }: Context) =>
      userId === undefined ? null : findUser(Number(userId)),
    products: (_: unknown, { first, after = '0' }: Page) =>
      db
        .selectFrom('products')
        .select(['id', 'name', 'price_cents'])
        .where('id', '>', Number(after))
        .orderBy('id')
        .limit(first)
        .execute(),
  },
  Mutation: {
    async createUser(_: unknown, { input: { name, email, password } }: CreateUser) {
      const password_hash = await hash(password, hashing);
      return db
        .insertInto('users')
        .values({ name, email, email_key: email.toLowerCase(), password_hash })
        .returning(user)
        .executeTakeFirstOrThrow();
    },
  },
  User: { id: ({ id }: { readonly id: number }) => String(id) },
  Product: {
    id: ({ id }: { readonly id: number }) => String(id),
    price: ({ price_cents }: { readonly price_cents: number }) => price_cents / 100,
  },
};
