import { readFileSync } from 'node:fs';
import type { Application } from '../index.ts';
import { parseId } from './ids.ts';
import { migrations } from './migrations.ts';
import { findUser } from './queries/users.ts';
import { resolvers } from './resolvers/index.ts';
import { seed } from './seed.ts';
import type { ShopTables } from './tables.ts';

export type { ShopTables };

/** The application that comes with the server: users, and a catalogue of products. */
export const shop = {
  typeDefs: readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'),
  resolvers,
  migrations,
  seed,
  hasUser: async (db, userId) => (await findUser(db, parseId(userId))) !== undefined,
} satisfies Application<ShopTables>;
