import { expect, it } from 'vitest';
import {
  deleteProduct,
  findProduct,
  insertProduct,
  listProducts,
  newProducts,
  popularProducts,
  updateProduct,
} from '../../src/shop/queries/products.ts';
import type { Product } from '../../src/shop/tables.ts';
import type { TestDatabase } from '../support/database.ts';
import { describeDatabases } from '../support/databases/describe-databases.ts';

async function insertProducts(db: TestDatabase, count: number): Promise<Product[]> {
  const products: Product[] = [];
  for (let n = 1; n <= count; n += 1) {
    products.push(await insertProduct(db, { name: `Product ${n}`, price_cents: n }));
  }
  return products;
}

async function sell(db: TestDatabase, id: number, sold: number): Promise<void> {
  await db.updateTable('products').set({ sold }).where('id', '=', id).execute();
}

const ids = (products: Product[]): number[] => products.map((product) => product.id);
const unknownIds = [2, 0, -1, 1.5, 2 ** 31, Number.NaN];

describeDatabases(({ open }) => {
  it.each([0, 1, 1999, 100_000_000])('keeps a price of %d cents exactly', async (price_cents) => {
    const db = await open();
    const product = await insertProduct(db, { name: 'Amul Butter', price_cents });
    expect(product).toEqual({ id: 1, name: 'Amul Butter', price_cents });
    expect(await findProduct(db, 1)).toEqual(product);
  });

  it('lists products page by page, by id', async () => {
    const db = await open();
    const products = await insertProducts(db, 3);
    expect(await listProducts(db, { first: 2 })).toEqual(products.slice(0, 2));
    expect(await listProducts(db, { first: 2, after: 2 })).toEqual(products.slice(2));
    expect(await listProducts(db, { first: 2, after: 3 })).toEqual([]);
    await expect(listProducts(db, { first: 501 })).rejects.toThrow(RangeError);
  });

  it('ranks what was sold by how often, then by id, and leaves out the rest', async () => {
    const db = await open();
    await insertProducts(db, 4);
    await sell(db, 2, 7);
    await sell(db, 3, 9);
    await sell(db, 4, 7);
    expect(ids(await popularProducts(db))).toEqual([3, 2, 4]);
  });

  it('ranks at most 10', async () => {
    const db = await open();
    await insertProducts(db, 12);
    await db.updateTable('products').set({ sold: 1 }).execute();
    expect(ids(await popularProducts(db))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(ids(await newProducts(db))).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3]);
  });

  it('changes a product and no other', async () => {
    const db = await open();
    const [first, second] = await insertProducts(db, 2);
    const changed = { name: 'Tata Tea', price_cents: 20_000 };
    expect(await updateProduct(db, 2, changed)).toEqual({ ...second, ...changed });
    expect(await listProducts(db, { first: 10 })).toEqual([first, { id: 2, ...changed }]);
  });

  it('removes a product once, and no other', async () => {
    const db = await open();
    await insertProducts(db, 2);
    expect(await deleteProduct(db, 1)).toBe(true);
    expect(await deleteProduct(db, 1)).toBe(false);
    expect(ids(await listProducts(db, { first: 10 }))).toEqual([2]);
  });

  it.each(unknownIds)('finds, changes and removes no product %d', async (id) => {
    const db = await open();
    const products = await insertProducts(db, 1);
    expect(await findProduct(db, id)).toBeUndefined();
    expect(await updateProduct(db, id, { name: 'x', price_cents: 1 })).toBeUndefined();
    expect(await deleteProduct(db, id)).toBe(false);
    expect(await listProducts(db, { first: 10 })).toEqual(products);
  });
});
