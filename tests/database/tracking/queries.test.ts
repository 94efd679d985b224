import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { searchProducts } from '../../../src/shop/queries/products.ts';
import { describeDatabases, describePostgres } from '../../support/databases/describe-databases.ts';
import { ada, butter, openShop } from './shop.ts';

describeDatabases(({ open }) => {
  it('tells the tables of a select, and nothing of a write', async () => {
    const { db, told } = await openShop(open);
    await db.selectFrom('products').selectAll().execute();
    expect(told).toMatchObject({ reads: [['products']], writes: [] });
  });

  it('tells tables by their names, not by their aliases', async () => {
    const { db, told } = await openShop(open);
    const query = db.selectFrom('products as p').innerJoin('users as products', 'products.id', 'p.id');
    await query.select(['p.id', 'products.email']).execute();
    expect(told.reads).toEqual([['products', 'users']]);
  });

  it('tells the tables of subqueries wherever they stand', async () => {
    const { db, told } = await openShop(open);
    const users = db.selectFrom('users').select('id');
    await db.selectFrom('products').selectAll().where('id', 'in', users).execute();
    await db
      .selectFrom('products')
      .select((eb) => [eb.selectFrom('users').select('name').limit(1).as('n')])
      .execute();
    await db.selectFrom(users.as('u')).selectAll().execute();
    await db
      .selectFrom('products')
      .select('id')
      .where((eb) => eb.not(eb.exists(users)))
      .execute();
    await db.selectFrom('products').select('id').union(users).execute();
    expect(told.reads).toEqual([
      ['products', 'users'],
      ['products', 'users'],
      ['users'],
      ['products', 'users'],
      ['products', 'users'],
    ]);
  });

  it('tells the tables of a common table expression, also of one that is named like a table', async () => {
    const { db, told } = await openShop(open);
    const named = db.with('users', (q) => q.selectFrom('products').select('id')).selectFrom('users');
    await named.select('id').execute();
    expect(told.reads).toEqual([['products', 'users']]);
  });

  it('tells the target of an insert, an update and a delete, which have learnt from it', async () => {
    const { db, told } = await openShop(open);
    await db.insertInto('products').values(butter).execute();
    await db.updateTable('products').set({ sold: 1 }).where('id', '=', 1).execute();
    await db.deleteFrom('products').execute();
    const products = [['products'], ['products'], ['products']];
    expect(told).toMatchObject({ reads: products, writes: products });
  });

  it('tells the target of an upsert', async () => {
    const { db, told } = await openShop(open);
    const insert = db.insertInto('users').values(ada);
    await insert.onConflict((oc) => oc.column('email_key').doUpdateSet({ name: 'Ada' })).execute();
    expect(told).toMatchObject({ reads: [['users']], writes: [['users']] });
  });

  it('tells what a write reads besides', async () => {
    const { db, told } = await openShop(open);
    const users = db.selectFrom('users').select(['name', 'email as name_key', 'id as price_cents']);
    await db.insertInto('users').values(ada).execute();
    told.clear();
    await db.insertInto('products').columns(['name', 'name_key', 'price_cents']).expression(users).execute();
    await db
      .updateTable('products')
      .from('users')
      .set({ sold: 1 })
      .whereRef('users.id', '=', 'products.id')
      .execute();
    const ids = db.selectFrom('users').select('id');
    await db.deleteFrom('products').where('id', 'in', ids).execute();
    const both = ['products', 'users'];
    expect(told.reads).toEqual([both, both, both]);
    expect(told.writes).toEqual([['products'], ['products'], ['products']]);
  });

  it('tells of compiled queries each time they run', async () => {
    const { db, told } = await openShop(open);
    const select = db.selectFrom('products').select('id').compile();
    const insert = db.insertInto('products').values(butter).compile();
    for (let run = 0; run < 2; run += 1) {
      await db.executeQuery(select);
      await db.executeQuery(insert);
    }
    expect(told).toMatchObject({
      reads: [['products'], ['products'], ['products'], ['products']],
      writes: [['products'], ['products']],
    });
  });

  it('tells of queries on a connection of their own', async () => {
    const { db, told } = await openShop(open);
    await db.connection().execute(async (connection) => {
      await connection.selectFrom('products').select('id').execute();
      await connection.insertInto('products').values(butter).execute();
    });
    expect(told).toMatchObject({ reads: [['products'], ['products']], writes: [['products']] });
  });

  it('tells of a query that may be aborted', async () => {
    const { db, told } = await openShop(open);
    const { signal } = new AbortController();
    await db.insertInto('products').values(butter).execute({ signal });
    expect(told.writes).toEqual([['products']]);
  });

  it('tells of a write that failed, which may have happened all the same', async () => {
    const { db, told } = await openShop(open);
    await db.insertInto('users').values(ada).execute();
    await expect(db.insertInto('users').values(ada).execute()).rejects.toThrow();
    expect(told.writes).toEqual([['users'], ['users']]);
  });

  it('knows what the searches of the sample read', async () => {
    const { db, told } = await openShop(open);
    await searchProducts(db, '100%');
    expect(told.reads).toEqual([['products']]);
  });

  it('does not know what raw SQL reads that names tables', async () => {
    const { db, told } = await openShop(open);
    await sql`select 1`.execute(db);
    expect(told.reads).toEqual([]);
    await sql`select id from products`.execute(db);
    await sql`with p as (select id from products) select id from p`.execute(db);
    expect(told).toMatchObject({ reads: ['unknown', 'unknown'], writes: [] });
  });

  it('does not know what any other raw SQL writes', async () => {
    const { db, told } = await openShop(open);
    await sql`update products set sold = 1`.execute(db);
    await sql`create table shops (id integer)`.execute(db);
    await sql`drop table shops`.execute(db);
    expect(told.writes).toEqual(['unknown', 'unknown', 'unknown']);
  });

  it('does not know what the end of a transaction made by hand has written', async () => {
    const { db, told } = await openShop(open);
    await db.connection().execute(async (connection) => {
      await sql`begin`.execute(connection);
      await connection.insertInto('products').values(butter).execute();
      told.clear();
      await sql`commit`.execute(connection);
    });
    expect(told.writes).toEqual(['unknown']);
  });

  it('tells nothing without a listener', async () => {
    const db = await open();
    await db.insertInto('products').values(butter).execute();
    expect(await db.selectFrom('products').select('name').execute()).toEqual([{ name: butter.name }]);
  });
});

describePostgres(({ open }) => {
  it('tells the target of a write within a common table expression', async () => {
    const { db, told } = await openShop(open);
    const gone = db.with('gone', (q) => q.deleteFrom('products').returning('id')).selectFrom('gone');
    await gone.select('id').execute();
    expect(told).toMatchObject({ reads: [['gone', 'products']], writes: [['products']] });
  });

  it('tells what a delete reads through using', async () => {
    const { db, told } = await openShop(open);
    const query = db.deleteFrom('products').using('users').whereRef('users.id', '=', 'products.id');
    await query.execute();
    expect(told.reads).toEqual([['products', 'users']]);
  });
});
