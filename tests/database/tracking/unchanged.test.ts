import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { insertUser } from '../../../src/shop/queries/users.ts';
import { describeDatabases, describePostgres } from '../../support/databases/describe-databases.ts';
import { ada, butter, openShop } from './shop.ts';

describeDatabases(({ open }) => {
  it('tells nothing written by an insert of an address that is taken, only that it was looked for', async () => {
    const { db, told } = await openShop(open);
    const user = { name: 'Ada', email: 'ada@example.com', password_hash: '' };
    await insertUser(db, user);
    expect(told.writes).toEqual([['users']]);
    told.clear();
    expect(await insertUser(db, user)).toBeUndefined();
    await db
      .insertInto('users')
      .values(ada)
      .onConflict((oc) => oc.doNothing())
      .execute();
    expect(told).toMatchObject({ reads: [['users'], ['users']], writes: [] });
  });

  it('tells nothing written by an update or a delete that found no row', async () => {
    const { db, told } = await openShop(open);
    await db.insertInto('products').values(butter).execute();
    told.clear();
    await db.updateTable('products').set({ sold: 1 }).where('id', '=', 99).execute();
    await db.updateTable('products').set({ sold: 1 }).where('id', '=', 99).returning('id').execute();
    await db.deleteFrom('products').where('id', '=', 99).execute();
    await db.deleteFrom('products').where('id', '=', 99).returningAll().execute();
    expect(told.writes).toEqual([]);
    expect(told.reads).toEqual([['products'], ['products'], ['products'], ['products']]);
  });

  it('tells of a write that found a row, whether it returns it or not', async () => {
    const { db, told } = await openShop(open);
    await db.insertInto('products').values(butter).returning('id').execute();
    await db.updateTable('products').set({ sold: 1 }).execute();
    await db.updateTable('products').set({ sold: 1 }).returning('id').execute();
    await db.deleteFrom('products').returning('id').execute();
    expect(told.writes).toEqual([['products'], ['products'], ['products'], ['products']]);
  });

  it('tells nothing of it when a transaction is committed', async () => {
    const { db, told } = await openShop(open);
    await db.transaction().execute(async (transaction) => {
      await transaction.insertInto('users').values(ada).execute();
      await transaction.deleteFrom('products').execute();
    });
    expect(told.writes).toEqual([['users']]);
  });

  it('tells of a write that found no row where the tables are not known', async () => {
    const { db, told } = await openShop(open);
    await db.connection().execute(async (connection) => {
      await sql`begin`.execute(connection);
      told.clear();
      await connection.deleteFrom('products').execute();
      await sql`rollback`.execute(connection);
    });
    expect(told.writes).toEqual(['unknown', 'unknown']);
  });
});

describePostgres(({ open }) => {
  it('tells of a write that found no row but ran a trigger', async () => {
    const { db, told } = await openShop(open);
    const body = "'begin update users set name = $$Eve$$; return null; end'";
    await sql`create function sell() returns trigger language plpgsql as ${sql.raw(body)}`.execute(db);
    await sql`create trigger sold after update on products for each statement execute function sell()`.execute(
      db,
    );
    await db.insertInto('users').values(ada).execute();
    told.clear();
    await db.updateTable('products').set({ sold: 1 }).execute();
    expect(told.writes).toEqual(['unknown']);
    expect(await db.selectFrom('users').select('name').execute()).toEqual([{ name: 'Eve' }]);
  });

  it('tells of a write that found no row but wrote in a common table expression', async () => {
    const { db, told } = await openShop(open);
    await db.insertInto('products').values(butter).execute();
    told.clear();
    await db
      .with('gone', (q) => q.deleteFrom('products').returning('id'))
      .updateTable('users')
      .set({ name: 'Eve' })
      .returning('id')
      .execute();
    expect(told.writes).toEqual([['products', 'users']]);
    expect(await db.selectFrom('products').select('id').execute()).toEqual([]);
  });
});
