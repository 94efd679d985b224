import { readFileSync, writeFileSync } from 'node:fs';
import type { ShopContext } from '../../../src/shop/context.ts';
import { shop } from '../../../src/shop/index.ts';
import { insertProduct } from '../../../src/shop/queries/products.ts';
import { insertUser } from '../../../src/shop/queries/users.ts';
import { resolvers } from '../../../src/shop/resolvers/index.ts';
import type { User } from '../../../src/shop/tables.ts';

interface NewUser {
  readonly name: string;
  readonly email: string;
}

interface File {
  readonly path: string;
  readonly text: string;
}

const more = `
  extend type Query {
    file(path: String!): String @cacheControl(maxAge: 60) @rateLimitExempt
    "Reads, and then waits until a request to the URL is answered."
    heldUserNames(gate: String!): [String!] @cacheControl(maxAge: 60) @rateLimitExempt
  }
  extend type Mutation {
    renameUsers(name: String!): Boolean
    removeUsers: Boolean
    addProduct(name: String!): Boolean
    writeFile(path: String!, text: String!): Boolean @invalidates(fields: ["Query.file"])
    "Says in code what the other one says in the schema."
    rewriteFile(path: String!, text: String!): Boolean
  }
`;

/** The shop, and what else processes can do to each other's answers. */
export const written = {
  typeDefs: shop.typeDefs + more,
  resolvers: {
    ...resolvers,
    Query: {
      ...resolvers.Query,
      file: (_: unknown, { path }: File): string => readFileSync(path, 'utf8'),
      async heldUserNames(_: unknown, { gate }: { gate: string }, { db }: ShopContext): Promise<string[]> {
        const users = await db.selectFrom('users').select('name').orderBy('id').execute();
        await fetch(gate);
        return users.map(({ name }) => name);
      },
    },
    Mutation: {
      ...resolvers.Mutation,
      // As the sample's, but for the hash of the password, which takes ten times as long as all the rest.
      createUser: (
        _: unknown,
        { input }: { input: NewUser },
        { db }: ShopContext,
      ): Promise<User | undefined> =>
        insertUser(db, { name: input.name, email: input.email, password_hash: '' }),
      async renameUsers(_: unknown, { name }: { name: string }, { db }: ShopContext): Promise<boolean> {
        await db.updateTable('users').set({ name }).execute();
        return true;
      },
      async removeUsers(_: unknown, _args: object, { db }: ShopContext): Promise<boolean> {
        await db.deleteFrom('users').execute();
        return true;
      },
      async addProduct(_: unknown, { name }: { name: string }, { db }: ShopContext): Promise<boolean> {
        await insertProduct(db, { name, price_cents: 100 });
        return true;
      },
      writeFile(_: unknown, { path, text }: File): boolean {
        writeFileSync(path, text);
        return true;
      },
      async rewriteFile(_: unknown, { path, text }: File, { cache }: ShopContext): Promise<boolean> {
        writeFileSync(path, text);
        await cache.invalidate({ fields: ['Query.file'] });
        return true;
      },
    },
  },
};
