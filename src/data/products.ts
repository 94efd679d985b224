import type { Insertable } from 'kysely';
import { compileOnce } from './compile-once.ts';
import { containing, contains } from './contains.ts';
import type { Database } from './database.ts';
import { foldCase } from '../fold-case.ts';
import { isId } from './ids.ts';
import { pageBounds } from './page.ts';
import type { Page } from './page.ts';
import type { NewProduct, Product, ProductsTable } from './tables.ts';

const columns = ['id', 'name', 'price_cents'] as const;
const maxFound = 100;
const maxRanked = 10;

const productsAfter = compileOnce((db, after: number, limit: number) =>
  db.selectFrom('products').select(columns).where('id', '>', after).orderBy('id').limit(limit),
);

const productById = compileOnce((db, id: number) =>
  db.selectFrom('products').select(columns).where('id', '=', id),
);

const productsLike = compileOnce((db, pattern: string) =>
  db
    .selectFrom('products')
    .select(columns)
    .where(contains('name_key', pattern))
    .orderBy('id')
    .limit(maxFound),
);

/**
 * A page of products, by id.
 * @throws RangeError when the page is out of bounds.
 */
export async function listProducts(db: Database, page: Page): Promise<Product[]> {
  const { limit, after } = pageBounds(page);
  return await productsAfter(db, after, limit);
}

/** The product with an id; undefined when there is none. */
export async function findProduct(db: Database, id: number): Promise<Product | undefined> {
  if (!isId(id)) return undefined;
  const [product] = await productById(db, id);
  return product;
}

/** The products whose name contains a text, in any case, by id; at most 100. A blank text is in every name. */
export async function searchProducts(db: Database, text: string): Promise<Product[]> {
  return await productsLike(db, containing(foldCase(text)));
}

/** The products sold most, most sold first; at most 10, and none that was never sold. */
export const popularProducts = compileOnce((db) => {
  const sold = db.selectFrom('products').select(columns).where('sold', '>', 0);
  return sold.orderBy('sold', 'desc').orderBy('id').limit(maxRanked);
});

/** The products added last, newest first; at most 10. */
export const newProducts = compileOnce((db) =>
  db.selectFrom('products').select(columns).orderBy('id', 'desc').limit(maxRanked),
);

/** Adds a product, of which none has been sold. */
export async function insertProduct(db: Database, product: NewProduct): Promise<Product> {
  const insert = db.insertInto('products').values(productRow(product));
  return await insert.returning(columns).executeTakeFirstOrThrow();
}

/** Changes the product with an id; undefined when there is none. */
export async function updateProduct(
  db: Database,
  id: number,
  product: NewProduct,
): Promise<Product | undefined> {
  if (!isId(id)) return undefined;
  const update = db.updateTable('products').set(productRow(product));
  return await update.where('id', '=', id).returning(columns).executeTakeFirst();
}

/** Removes the product with an id; false when there is none. */
export async function deleteProduct(db: Database, id: number): Promise<boolean> {
  if (!isId(id)) return false;
  const { numDeletedRows } = await db.deleteFrom('products').where('id', '=', id).executeTakeFirst();
  return numDeletedRows > 0n;
}

/** A product as it is stored, with what it is found by. */
export function productRow(product: NewProduct): Insertable<ProductsTable> {
  return { ...product, name_key: foldCase(product.name) };
}
