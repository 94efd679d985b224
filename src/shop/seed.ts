import { productRow } from './queries/products.ts';
import type { ShopDatabase } from './tables.ts';

const sampleProducts = [
  { name: 'Amul Butter', price_cents: 5000, sold: 120 },
  { name: 'Tata Tea', price_cents: 20_000, sold: 80 },
  { name: 'Parle-G Biscuits', price_cents: 1000, sold: 0 },
] as const;

/** Adds the sample products that are missing, by name. Returns how many were added. */
export async function seed(db: ShopDatabase): Promise<number> {
  const names = sampleProducts.map((sample) => sample.name);
  const found = await db.selectFrom('products').select('name').where('name', 'in', names).execute();
  const present = new Set(found.map((product) => product.name));
  const missing = sampleProducts.filter((sample) => !present.has(sample.name));
  if (missing.length > 0) await db.insertInto('products').values(missing.map(sampleRow)).execute();
  return missing.length;
}

function sampleRow({ sold, ...product }: (typeof sampleProducts)[number]) {
  return { ...productRow(product), sold };
}
