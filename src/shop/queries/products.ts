import { type Insertable, type RawBuilder, sql, type SqlBool } from 'kysely';
import { compileOnce, foldCase } from '../../index.ts';
import { isId } from '../ids.ts';
import type { NewProduct, Product, ProductsTable, ShopDatabase } from '../tables.ts';
import { type Page, pageBounds } from './page.ts';

const columns = ['id', 'name', 'price_cents'] as const;
const maxFound = 100;
const maxRanked = 10;

const productsAfter = compileOnce((db: ShopDatabase, after: number, limit: number) =>
  db.selectFrom('products').select(columns).where('id', '>', after).orderBy('id').limit(limit),
);

const productById = compileOnce((db: ShopDatabase, id: number) =>
  db.selectFrom('products').select(columns).where('id', '=', id),
);

const productsLike = compileOnce((db: ShopDatabase, pattern: string) =>
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
export async function listProducts(db: ShopDatabase, page: Page): Promise<Product[]> {
  const { limit, after } = pageBounds(page);
  return await productsAfter(db, after, limit);
}

/** The product with an id; undefined when there is none. */
export async function findProduct(db: ShopDatabase, id: number): Promise<Product | undefined> {
  if (!isId(id)) return undefined;
  const [product] = await productById(db, id);
  return product;
}

/** The products whose name contains a text, in any case, by id; at most 100. A blank text is in every name. */
export async function searchProducts(db: ShopDatabase, text: string): Promise<Product[]> {
  return await productsLike(db, containing(foldCase(text)));
}

/** The products sold most, most sold first; at most 10, and none that was never sold. */
export const popularProducts = compileOnce((db: ShopDatabase) => {
  const sold = db.selectFrom('products').select(columns).where('sold', '>', 0);
  return sold.orderBy('sold', 'desc').orderBy('id').limit(maxRanked);
});

/** The products added last, newest first; at most 10. */
export const newProducts = compileOnce((db: ShopDatabase) =>
  db.selectFrom('products').select(columns).orderBy('id', 'desc').limit(maxRanked),
);

/** Adds a product, of which none has been sold. */
export async function insertProduct(db: ShopDatabase, product: NewProduct): Promise<Product> {
  const insert = db.insertInto('products').values(productRow(product));
  return await insert.returning(columns).executeTakeFirstOrThrow();
}

/** Changes the product with an id; undefined when there is none. */
export async function updateProduct(
  db: ShopDatabase,
  id: number,
  product: NewProduct,
): Promise<Product | undefined> {
  if (!isId(id)) return undefined;
  const update = db.updateTable('products').set(productRow(product));
  return await update.where('id', '=', id).returning(columns).executeTakeFirst();
}

/** Removes the product with an id; false when there is none. */
export async function deleteProduct(db: ShopDatabase, id: number): Promise<boolean> {
  if (!isId(id)) return false;
  const { numDeletedRows } = await db.deleteFrom('products').where('id', '=', id).executeTakeFirst();
  return numDeletedRows > 0n;
}

/** A product as it is stored, with what it is found by. */
export function productRow(product: NewProduct): Insertable<ProductsTable> {
  return { ...product, name_key: foldCase(product.name) };
}

/**
 * A condition: the column contains the text of a pattern, see `containing`. SQLite ignores the case of ASCII letters.
 * @internal
 */
export function contains(column: string, pattern: string): RawBuilder<SqlBool> {
  return sql<SqlBool>`${sql.ref(column)} like ${pattern} escape ${sql.lit('\\')}`;
}

/** The pattern of whatever contains the text as it stands, without wildcards. */
function containing(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}
