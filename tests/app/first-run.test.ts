import { expect, it } from 'vitest';
import { prepareFirstRun } from '../../src/app/first-run.ts';
import { findApiKey, listApiKeys, revokeApiKey } from '../../src/database/api-keys.ts';
import {
  insertProduct,
  listProducts,
  newProducts,
  popularProducts,
  updateProduct,
} from '../../src/shop/queries/products.ts';
import { seed } from '../../src/shop/seed.ts';
import { describeDatabases } from '../support/databases/describe-databases.ts';

const now = new Date('2025-01-02T03:04:05.678Z');
const samples = [
  { id: 1, name: 'Amul Butter', price_cents: 5000 },
  { id: 2, name: 'Tata Tea', price_cents: 20_000 },
  { id: 3, name: 'Parle-G Biscuits', price_cents: 1000 },
];

describeDatabases(({ open, race }) => {
  it('seeds the sample products, of which butter and tea are popular', async () => {
    const db = await open();
    expect(await seed(db)).toBe(3);
    expect(await listProducts(db, { first: 10 })).toEqual(samples);
    expect(await popularProducts(db)).toEqual(samples.slice(0, 2));
    expect(await newProducts(db)).toEqual(samples.toReversed());
  });

  it('seeds nothing twice', async () => {
    const db = await open();
    await seed(db);
    expect(await seed(db)).toBe(0);
    expect(await listProducts(db, { first: 10 })).toEqual(samples);
  });

  it('seeds only what is missing', async () => {
    const db = await open();
    await insertProduct(db, { name: 'Tata Tea', price_cents: 1 });
    await seed(db);
    await updateProduct(db, 1, { name: 'Coffee', price_cents: 1 });
    expect(await seed(db)).toBe(1);
    const names = (await listProducts(db, { first: 10 })).map((product) => product.name);
    expect(names).toEqual(['Coffee', 'Amul Butter', 'Parle-G Biscuits', 'Tata Tea']);
  });

  it('gives a fresh database its admin key and the sample data', async () => {
    const db = await open();
    expect(await prepareFirstRun(db, { adminKeyHash: 'aa11', now, seed })).toBe(true);
    expect(await findApiKey(db, 'aa11')).toMatchObject({ name: 'admin', tiers: ['ADMIN'], createdAt: now });
    expect(await listProducts(db, { first: 10 })).toEqual(samples);
  });

  it('changes nothing in a database that has had its first run, not even after its key was revoked', async () => {
    const db = await open();
    await prepareFirstRun(db, { adminKeyHash: 'aa11', now, seed });
    await revokeApiKey(db, 'admin', now);
    await db.deleteFrom('products').execute();
    expect(await prepareFirstRun(db, { adminKeyHash: 'bb22', now, seed })).toBe(false);
    expect(await listApiKeys(db)).toHaveLength(1);
    expect(await listProducts(db, { first: 10 })).toEqual([]);
  });

  it('keeps neither key nor data when one of them fails', async () => {
    const db = await open();
    await db.schema.alterTable('products').renameTo('elsewhere').execute();
    await expect(prepareFirstRun(db, { adminKeyHash: 'aa11', now, seed })).rejects.toThrow(/products/);
    expect(await listApiKeys(db)).toEqual([]);
  });

  it('lets exactly one of several processes that start at once be the first', async () => {
    const { results, db } = await race('start for the first time', 4);
    expect(results.toSorted()).toEqual([false, false, false, true]);
    expect(await listApiKeys(db)).toHaveLength(1);
    expect(await listProducts(db, { first: 10 })).toEqual(samples);
  });
});
