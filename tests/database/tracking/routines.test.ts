import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { describePostgres } from '../../support/databases/describe-databases.ts';
import { ada, butter, openShop } from './shop.ts';

describePostgres(({ open }) => {
  it('does not know what a routine reads, nor what one writes that may', async () => {
    const { db, told } = await openShop(open);
    await sql`create function looked() returns bigint stable language sql as 'select count(*) from users'`.execute(
      db,
    );
    await sql`create function changed() returns void language sql as 'update users set name = name'`.execute(
      db,
    );
    told.clear();
    const select = (name: string) => db.selectNoFrom((eb) => eb.fn<number>(name, []).as('n')).execute();
    await select('lower').catch(() => undefined);
    expect(told).toMatchObject({ reads: [], writes: [] });
    await select('looked');
    await sql`select looked()`.execute(db);
    expect(told).toMatchObject({ reads: ['unknown', 'unknown'], writes: [] });
    await select('changed');
    await sql`select changed()`.execute(db);
    await select('public.changed').catch(() => undefined);
    expect(told.writes).toEqual(['unknown', 'unknown', 'unknown']);
  });

  it('does not know what a column reads that is computed by a routine', async () => {
    const { db, told } = await openShop(open);
    const body = "'select count(*) from users'";
    await sql`create function buyers(products) returns bigint stable language sql as ${sql.raw(body)}`.execute(
      db,
    );
    await db.insertInto('products').values(butter).execute();
    told.clear();
    const rows = await db
      .selectFrom('products')
      .select('products.buyers' as 'products.id')
      .execute();
    expect(rows).toEqual([{ buyers: '0' }]);
    await db.selectFrom('products as p').select(['p.name as buyers', 'p.id']).execute();
    expect(told).toMatchObject({ reads: ['unknown', ['products']], writes: [] });
  });

  it('does not know what a column writes that is computed by a routine that may', async () => {
    const { db, told } = await openShop(open);
    const body = "'update users set name = $$Eve$$ returning id'";
    await sql`create function renamed(products) returns integer language sql as ${sql.raw(body)}`.execute(db);
    await db.insertInto('products').values(butter).execute();
    await db.insertInto('users').values(ada).execute();
    told.clear();
    await db
      .selectFrom('products as p')
      .select('p.renamed' as 'p.id')
      .execute();
    expect(told).toMatchObject({ reads: ['unknown'], writes: ['unknown'] });
    expect(await db.selectFrom('users').select('name').execute()).toEqual([{ name: 'Eve' }]);
  });

  it('is right that a column without its table is never computed by a routine', async () => {
    const { db } = await openShop(open);
    await sql`create function buyers(products) returns bigint stable language sql as 'select 1::bigint'`.execute(
      db,
    );
    const select = db.selectFrom('products').select('buyers' as 'id');
    await expect(select.execute()).rejects.toThrow('column "buyers" does not exist');
  });

  it('does not know what a routine does that is named by a part of raw SQL, or by more than a word', async () => {
    const { db, told } = await openShop(open);
    await sql`create function "bump users"() returns void language sql as 'update users set name = name'`.execute(
      db,
    );
    told.clear();
    const select = (call: ReturnType<typeof sql<unknown>>) => db.selectNoFrom(call.as('n')).execute();
    await select(sql`"bump users"()`);
    await select(sql`${sql.id('bump users')}()`);
    await sql`select "bump users"()`.execute(db);
    await sql`select ${sql.id('bump users')}()`.execute(db);
    await select(sql`${sql.id('other', 'bump')}()`).catch(() => undefined);
    const five = Array<string>(5).fill('unknown');
    expect(told).toMatchObject({ reads: five, writes: five });
  });
});
