import { expect, it } from 'vitest';
import { describeSqlite } from '../../support/databases/describe-databases.ts';
import { butter, openShop } from './shop.ts';

describeSqlite(({ open }) => {
  it('tells what a stream reads before its first row', async () => {
    const { db, told } = await openShop(open);
    await db.insertInto('products').values([butter, butter]).execute();
    told.clear();
    for await (const row of db.selectFrom('products').select('name').stream()) {
      expect(row).toEqual({ name: butter.name });
      expect(told.reads).toEqual([['products']]);
    }
    expect(told.reads).toHaveLength(1);
  });

  it('goes on to work after a stream that was left early', async () => {
    const { db, told } = await openShop(open);
    await db.insertInto('products').values([butter, butter]).execute();
    for await (const row of db.selectFrom('products').select('name').stream()) {
      expect(row).toEqual({ name: butter.name });
      break;
    }
    await db.insertInto('products').values(butter).execute();
    expect(told.writes).toEqual([['products'], ['products']]);
  });
});
