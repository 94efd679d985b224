import { readFileSync, writeFileSync } from 'node:fs';
import type { RequestContext } from '../../src/context.ts';
import type { Database } from '../../src/data/database.ts';
import { insertProduct } from '../../src/data/products.ts';
import type { User } from '../../src/data/tables.ts';
import { insertUser } from '../../src/data/users.ts';
import { sampleSdl } from '../../src/schema/own-definitions.ts';
import { sampleResolvers } from '../../src/schema/resolvers/index.ts';

interface Context extends RequestContext {
  readonly db: Database;
}

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

/** The sample API, and what else processes can do to each other's answers. */
export const written = {
  typeDefs: sampleSdl + more,
  resolvers: {
    ...sampleResolvers,
    Query: {
      ...sampleResolvers.Query,
      file: (_: unknown, { path }: File): string => readFileSync(path, 'utf8'),
      async heldUserNames(_: unknown, { gate }: { gate: string }, { db }: Context): Promise<string[]> {
        const users = await db.selectFrom('users').select('name').orderBy('id').execute();
        await fetch(gate);
        return users.map(({ name }) => name);
      },
    },
    Mutation: {
      ...sampleResolvers.Mutation,
      // As the sample's, but for the hash of the password, which takes ten times as long as all the rest.
      createUser: (_: unknown, { input }: { input: NewUser }, { db }: Context): Promise<User | undefined> =>
        insertUser(db, { name: input.name, email: input.email, password_hash: '' }),
      async renameUsers(_: unknown, { name }: { name: string }, { db }: Context): Promise<boolean> {
        await db.updateTable('users').set({ name }).execute();
        return true;
      },
      async removeUsers(_: unknown, _args: object, { db }: Context): Promise<boolean> {
        await db.deleteFrom('users').execute();
        return true;
      },
      async addProduct(_: unknown, { name }: { name: string }, { db }: Context): Promise<boolean> {
        await insertProduct(db, { name, price_cents: 100 });
        return true;
      },
      writeFile(_: unknown, { path, text }: File): boolean {
        writeFileSync(path, text);
        return true;
      },
      async rewriteFile(_: unknown, { path, text }: File, { cache }: Context): Promise<boolean> {
        writeFileSync(path, text);
        await cache.invalidate({ fields: ['Query.file'] });
        return true;
      },
    },
  },
};
