import { type Kysely, sql } from 'kysely';
import type { RequestContext } from '../../src/app/application.ts';
import type { ResolverMap } from '../../src/directives/build-schema.ts';
import type { Start, TestApp, TestAppOptions } from '../support/app.ts';
import type { AllTables, TestDatabase } from '../support/database.ts';

/** The tables of an application of its own. */
export interface ShopTables {
  shops: { id: number; name: string };
  items: { id: number; shop_id: number; name: string };
  notes: { id: number; text: string };
}

export type ShopDatabase = Kysely<AllTables & ShopTables>;

export interface ShopContext extends Omit<RequestContext, 'db'> {
  readonly db: ShopDatabase;
}

type Resolve = (source: unknown, args: Record<string, string>, context: ShopContext) => unknown;

const sdl = `
  type Query {
    shops: [Shop!] @cacheControl(maxAge: 60)
    shop(id: ID!): Shop @cacheControl(maxAge: 60)
    shopCount: Int @cacheControl(maxAge: 60)
    items: [Item!] @cacheControl(maxAge: 60)
    notes: [String!] @cacheControl(maxAge: 60)
    constant: Int @cacheControl(maxAge: 60)
    rawCount: Int @cacheControl(maxAge: 60)
    viewCount: Int @cacheControl(maxAge: 60)
    addByQuery(id: ID!): Int
  }
  type Mutation {
    addShop(id: ID!): Shop
    renameShop(id: ID!, name: String!): Boolean
    removeShop(id: ID!): Boolean
    addItem(id: ID!, shopId: ID!): Boolean
    addNote(id: ID!): Boolean
    rawRename(name: String!): Boolean
  }
  type Shop { id: ID! name: String }
  type Item { name: String shopName: String }
`;

const count = ({ n }: { n: number | string | bigint }): number => Number(n);
const query: Record<string, Resolve> = {
  shops: (_, _args, { db }) => db.selectFrom('shops').selectAll().orderBy('id').execute(),
  shop: (_, { id }, { db }) =>
    db.selectFrom('shops').selectAll().where('id', '=', Number(id)).executeTakeFirst(),
  shopCount: async (_, _args, { db }) =>
    count(await db.selectFrom('shops').select(db.fn.countAll().as('n')).executeTakeFirstOrThrow()),
  items: (_, _args, { db }) =>
    db
      .selectFrom('items')
      .innerJoin('shops', 'shops.id', 'items.shop_id')
      .select(['items.name', 'shops.name as shopName'])
      .orderBy('items.id')
      .execute(),
  notes: async (_, _args, { db }) => {
    const rows = await db.selectFrom('notes').select('text').orderBy('id').execute();
    return rows.map(({ text }) => text);
  },
  constant: () => 7,
  rawCount: async (_, _args, { db }) => {
    const { rows } = await sql<{ n: number }>`select count(*) as n from shops`.execute(db);
    return rows.map(count)[0];
  },
  viewCount: async (_, _args, { db }) => {
    const view = db.$extendTables<{ shop_view: { id: number } }>();
    return (await view.selectFrom('shop_view').select('id').execute()).length;
  },
  addByQuery: async (_, { id }, { db }) => {
    await db
      .insertInto('shops')
      .values({ id: Number(id), name: `Shop ${id}` })
      .execute();
    return Number(id);
  },
};

const mutation: Record<string, Resolve> = {
  addShop: (_, { id }, { db }) =>
    db
      .insertInto('shops')
      .values({ id: Number(id), name: `Shop ${id}` })
      .returningAll()
      .executeTakeFirst(),
  renameShop: async (_, { id, name = '' }, { db }) => {
    await db.updateTable('shops').set({ name }).where('id', '=', Number(id)).execute();
    return true;
  },
  removeShop: async (_, { id }, { db }) => {
    const { numDeletedRows } = await db
      .deleteFrom('shops')
      .where('id', '=', Number(id))
      .executeTakeFirstOrThrow();
    return numDeletedRows > 0n;
  },
  addItem: async (_, { id, shopId }, { db }) => {
    const item = { id: Number(id), shop_id: Number(shopId), name: `Item ${id}` };
    await db.insertInto('items').values(item).execute();
    return true;
  },
  addNote: async (_, { id }, { db }) => {
    await db
      .insertInto('notes')
      .values({ id: Number(id), text: `Note ${id}` })
      .execute();
    return true;
  },
  rawRename: async (_, { name }, { db }) => {
    await sql`update shops set name = ${name}`.execute(db);
    return true;
  },
};

export interface ShopApp extends TestApp {
  readonly shop: ShopDatabase;
}

export interface ShopOptions extends TestAppOptions {
  /** What the schema and its resolvers have besides. */
  readonly more?: { readonly typeDefs: string; readonly resolvers?: ResolverMap };
}

/** An app over tables of its own: one shop and nothing else. */
export async function startShop(
  start: Start,
  { more = { typeDefs: '' }, ...options }: ShopOptions = {},
): Promise<ShopApp> {
  const own = more.resolvers as Record<string, Record<string, Resolve>> | undefined;
  const app = await start({
    ...options,
    typeDefs: sdl + more.typeDefs,
    resolvers: {
      ...own,
      Query: { ...query, ...own?.['Query'] },
      Mutation: { ...mutation, ...own?.['Mutation'] },
    },
  });
  // Picked, for an interface has no index signature.
  const shop = app.db.$extendTables<Pick<ShopTables, keyof ShopTables>>();
  await createTables(app.db);
  await shop.insertInto('shops').values({ id: 1, name: 'Shop 1' }).execute();
  return Object.assign(app, { shop });
}

async function createTables({ schema }: TestDatabase): Promise<void> {
  const withId = (table: string) =>
    schema.createTable(table).addColumn('id', 'integer', (column) => column.primaryKey());
  await withId('shops').addColumn('name', 'text').execute();
  await withId('items').addColumn('shop_id', 'integer').addColumn('name', 'text').execute();
  await withId('notes').addColumn('text', 'text').execute();
}
