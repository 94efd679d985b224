import { WithSchemaPlugin } from 'kysely';
import { expect, it } from 'vitest';
import { compileOnce } from '../../src/database/compile-once.ts';
import { insertProduct } from '../../src/shop/queries/products.ts';
import type { TestDatabase } from '../support/database.ts';
import { describeDatabases } from '../support/databases/describe-databases.ts';
import { recorder } from './recorder.ts';

async function insertPrices(db: TestDatabase, prices: readonly number[]): Promise<void> {
  for (const price_cents of prices) await insertProduct(db, { name: `For ${price_cents}`, price_cents });
}

/** A query for the prices from one to another, and how often it has been built. */
function pricesBetween() {
  const built = { times: 0 };
  const run = compileOnce((db: TestDatabase, least: number, most: number) => {
    built.times += 1;
    const cheap = db.selectFrom('products').select('price_cents').where('price_cents', '<=', most);
    return cheap.where('sold', '=', 0).where('price_cents', '>=', least).orderBy('price_cents');
  });
  const prices = async (db: TestDatabase, least: number, most: number) =>
    (await run(db, least, most)).map((row) => row.price_cents);
  return { prices, built };
}

describeDatabases(({ open }) => {
  it('is built once, and gets other values each time', async () => {
    const db = await open();
    const { prices, built } = pricesBetween();
    await insertPrices(db, [1, 2, 3, 4]);
    expect(await prices(db, 2, 3)).toEqual([2, 3]);
    expect(await prices(db, 3, 4)).toEqual([3, 4]);
    expect(await prices(db, 4, 3)).toEqual([]);
    expect(built.times).toBe(1);
  });

  it('is not mixed up by runs at the same time', async () => {
    const db = await open();
    const { prices } = pricesBetween();
    await insertPrices(db, [1, 2, 3]);
    const found = await Promise.all([1, 2, 3].map((price) => prices(db, price, price)));
    expect(found).toEqual([[1], [2], [3]]);
  });

  it('runs within a transaction and sees what that has written', async () => {
    const db = await open();
    const { prices, built } = pricesBetween();
    await db.transaction().execute(async (transaction) => {
      await insertPrices(transaction, [1]);
      expect(await prices(transaction, 1, 9)).toEqual([1]);
    });
    expect(await prices(db, 1, 9)).toEqual([1]);
    expect(built.times).toBe(1);
  });

  it('fails on a transaction that has ended, also when it was first run there', async () => {
    const db = await open();
    const { prices } = pricesBetween();
    const ended = await db.startTransaction().execute();
    expect(await prices(ended, 1, 9)).toEqual([]);
    await ended.rollback().execute();
    await expect(prices(ended, 1, 9)).rejects.toThrow(/already/);
    expect(await prices(db, 1, 9)).toEqual([]);
  });

  it('is changed by plugins where there are some, and nowhere else', async () => {
    const db = await open();
    const { prices } = pricesBetween();
    const elsewhere = db.withPlugin(new WithSchemaPlugin('elsewhere'));
    await expect(prices(elsewhere, 1, 9)).rejects.toThrow(/elsewhere/);
    expect(await prices(db, 1, 9)).toEqual([]);
    await expect(prices(elsewhere, 1, 9)).rejects.toThrow(/elsewhere/);
  });

  it('tells what it reads each time', async () => {
    const told = recorder();
    const db = await open({ listener: told });
    const { prices } = pricesBetween();
    told.clear();
    await prices(db, 1, 9);
    await prices(db, 1, 9);
    expect(told.reads).toEqual([['products'], ['products']]);
    expect(told.writes).toEqual([]);
  });

  it('tells what it writes once that is there for everyone, each time', async () => {
    const told = recorder();
    const db = await open({ listener: told });
    const raise = compileOnce((db: TestDatabase, from: number, to: number) =>
      db.updateTable('products').set({ price_cents: to }).where('price_cents', '=', from).returning('id'),
    );
    await insertPrices(db, [1]);
    told.clear();
    expect(await raise(db, 1, 2)).toEqual([{ id: 1 }]);
    expect(await raise(db, 1, 2)).toEqual([]);
    expect(told.writes).toEqual([['products']]);
    await db.transaction().execute(async (transaction) => {
      await raise(transaction, 2, 3);
      expect(told.writes).toEqual([['products']]);
    });
    expect(told.writes).toEqual([['products'], ['products']]);
  });
});
