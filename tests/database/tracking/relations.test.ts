import { type Kysely, sql } from 'kysely';
import { expect, it } from 'vitest';
import {
  describeDatabases,
  describePostgres,
  describeSqlite,
} from '../../support/databases/describe-databases.ts';
import { butter, openShop, type Shop } from './shop.ts';

/** Shops, their orders and the lines of those, of which each goes with what it belongs to. */
async function createOrders(db: Kysely<Shop>): Promise<void> {
  await db.schema
    .createTable('shops')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('name', 'text')
    .execute();
  await db.schema
    .createTable('orders')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('shop_id', 'integer', (column) => column.references('shops.id').onDelete('cascade'))
    .execute();
  await db.schema
    .createTable('order_lines')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('order_id', 'integer', (column) => column.references('orders.id').onDelete('set null'))
    .execute();
}

describeDatabases(({ open }) => {
  it('does not know what a view reads, nor what a write to it changes', async () => {
    const { db, told } = await openShop(open);
    await db.schema
      .createView('shop_view')
      .as(db.selectFrom('products').select(['id', 'name']))
      .execute();
    told.clear();
    await db.selectFrom('shop_view').select('id').execute();
    await db
      .selectFrom('users')
      .select('id')
      .where('id', 'in', db.selectFrom('shop_view').select('id'))
      .execute();
    await db
      .updateTable('shop_view')
      .set({ name: 'x' })
      .execute()
      .catch(() => undefined);
    expect(told).toMatchObject({ reads: ['unknown', 'unknown', 'unknown'], writes: ['unknown'] });
  });

  it('knows a table again that has been made while it runs', async () => {
    const { db, told } = await openShop(open);
    await db.selectFrom('products').select('id').execute();
    await createOrders(db);
    told.clear();
    await db.selectFrom('orders').select('id').execute();
    expect(told.reads).toEqual([['orders']]);
  });

  it('does not know what making and changing tables writes', async () => {
    const { db, told } = await openShop(open);
    await db.schema.createTable('shops').addColumn('id', 'integer').execute();
    await db.schema.alterTable('shops').addColumn('name', 'text').execute();
    await db.schema.createIndex('shops_by_name').on('shops').column('name').execute();
    await db.schema.dropTable('shops').execute();
    expect(told.writes).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
  });

  it('tells also of the tables that change by cascades', async () => {
    const { db, told } = await openShop(open);
    await createOrders(db);
    await db
      .insertInto('shops')
      .values([
        { id: 1, name: 'x' },
        { id: 2, name: 'y' },
      ])
      .execute();
    await db.insertInto('orders').values({ id: 1, shop_id: 2 }).execute();
    await db.insertInto('order_lines').values({ id: 1, order_id: null }).execute();
    told.clear();
    await db.deleteFrom('shops').where('id', '=', 1).execute();
    await db.deleteFrom('orders').execute();
    await db.deleteFrom('order_lines').execute();
    expect(told.writes).toEqual([
      ['order_lines', 'orders', 'shops'],
      ['order_lines', 'orders'],
      ['order_lines'],
    ]);
  });
});

describeSqlite(({ open }) => {
  it('does not know what a write changes that runs a trigger, directly or by a cascade', async () => {
    const { db, told } = await openShop(open);
    await createOrders(db);
    await sql`create trigger sold after update on order_lines begin update products set sold = sold + 1; end`.execute(
      db,
    );
    told.clear();
    await db.updateTable('order_lines').set({ order_id: null }).execute();
    await db.deleteFrom('shops').execute();
    await db.insertInto('products').values(butter).execute();
    expect(told.writes).toEqual(['unknown', 'unknown', ['products']]);
  });

  it('does not know what catalogs and virtual tables hold', async () => {
    const { db, told } = await openShop(open);
    await sql`create virtual table shops using fts5 (name)`.execute(db);
    told.clear();
    await db.selectFrom('shops').select('name').execute();
    await db
      .selectFrom(sql<{ name: string }>`sqlite_sequence`.as('s'))
      .select('name')
      .execute();
    await db.selectFrom(sql.table('sqlite_schema').as('s')).selectAll().execute();
    expect(told.reads).toEqual(['unknown', 'unknown', 'unknown']);
  });

  it('does not know an attached file', async () => {
    const { db, told } = await openShop(open);
    await sql`attach ':memory:' as other`.execute(db);
    await sql`create table other.shops (id integer, name text)`.execute(db);
    told.clear();
    await db.selectFrom('shops').select('id').execute();
    await db.insertInto('shops').values({ name: 'x' }).execute();
    expect(told).toMatchObject({ reads: ['unknown', 'unknown'], writes: ['unknown'] });
  });
});

describePostgres(({ open }) => {
  it('does not know what a write changes that runs a trigger or a rule', async () => {
    const { db, told } = await openShop(open);
    await createOrders(db);
    await sql`create function sell() returns trigger language plpgsql as 'begin return null; end'`.execute(
      db,
    );
    await sql`create trigger sold after insert on order_lines execute function sell()`.execute(db);
    await sql`create rule no_orders as on insert to orders do also nothing`.execute(db);
    told.clear();
    await db.insertInto('order_lines').values({ id: 1, order_id: null }).execute();
    await db.insertInto('orders').values({ id: 1, shop_id: null }).execute();
    await db.insertInto('products').values(butter).execute();
    expect(told.writes).toEqual(['unknown', 'unknown', ['products']]);
  });

  it('does not know what a write changes that calls a routine for a default', async () => {
    const { db, told } = await openShop(open);
    await sql`create function next_name() returns text language sql as $$ select 'x' $$`.execute(db);
    await sql`create table shops (id integer, name text default next_name())`.execute(db);
    told.clear();
    await db
      .insertInto('shops')
      .values({ id: 1 } as never)
      .execute();
    expect(told.writes).toEqual(['unknown']);
  });

  it('takes a partition and what it is part of for one', async () => {
    const { db, told } = await openShop(open);
    await sql`create table stock (day integer, amount integer) partition by range (day)`.execute(db);
    await sql`create table stock_1 partition of stock for values from (1) to (2)`.execute(db);
    told.clear();
    await db.insertInto('stock').values({ day: 1, amount: 1 }).execute();
    await db.insertInto('stock_1').values({ day: 1, amount: 1 }).execute();
    expect(told.writes).toEqual([
      ['stock', 'stock_1'],
      ['stock', 'stock_1'],
    ]);
  });

  it('does not know what a materialized view holds, nor what refreshing it changes', async () => {
    const { db, told } = await openShop(open);
    const products = db.selectFrom('products').select(['id', 'name']);
    await db.schema.createView('shop_view').materialized().as(products).execute();
    told.clear();
    await db.selectFrom('shop_view').select('id').execute();
    expect(told.reads).toEqual(['unknown']);
    await db.schema.refreshMaterializedView('shop_view').execute();
    expect(told.writes).toEqual(['unknown']);
  });

  it('does not know what catalogs, temporary tables and tables with row security hold', async () => {
    const { db, told } = await openShop(open);
    await sql`create temporary table orders (id integer)`.execute(db);
    await sql`create table shops (id integer)`.execute(db);
    await sql`alter table shops enable row level security`.execute(db);
    told.clear();
    await db.selectFrom('orders').select('id').execute();
    await db.selectFrom('shops').select('id').execute();
    await db
      .withSchema('information_schema')
      .selectFrom('tables' as 'users')
      .selectAll()
      .execute();
    await db
      .selectFrom('pg_class' as 'users')
      .selectAll()
      .execute();
    expect(told.reads).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
    await sql`drop table orders`.execute(db);
  });
});
