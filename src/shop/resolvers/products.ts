import { type Caller, forbidden, notFound, tiers } from '../../index.ts';
import { parseId } from '../ids.ts';
import { check, pageInput, productInput, searchInput } from '../input.ts';
import {
  deleteProduct,
  findProduct,
  insertProduct,
  listProducts,
  newProducts,
  popularProducts,
  searchProducts,
  updateProduct,
} from '../queries/products.ts';
import type { NewProduct } from '../tables.ts';
import type {
  MutationResolvers,
  ProductInput,
  ProductResolvers,
  QueryResolvers,
} from '../types.generated.ts';

type ProductQueries = Required<
  Pick<
    QueryResolvers,
    'products' | 'product' | 'searchProducts' | 'popularProducts' | 'newProducts' | 'roleBasedProducts'
  >
>;
type ProductMutations = Required<
  Pick<MutationResolvers, 'createProduct' | 'updateProduct' | 'deleteProduct'>
>;

export const productQueries: ProductQueries = {
  products: (_, args, { db }) => listProducts(db, check(pageInput, args)),
  product: async (_, { id }, { db }) => found(await findProduct(db, parseId(id))),
  searchProducts: (_, args, { db }) => searchProducts(db, check(searchInput, args).query),
  popularProducts: (_, _args, { db }) => popularProducts(db),
  newProducts: (_, _args, { db }) => newProducts(db),
  roleBasedProducts: (_, _args, { db }) => listProducts(db, { first: 100 }),
};

export const productMutations: ProductMutations = {
  createProduct(_, { input }, { db, caller }) {
    requireAdmin(caller);
    return insertProduct(db, toRow(input));
  },
  async updateProduct(_, { id, input }, { db, caller }) {
    requireAdmin(caller);
    return found(await updateProduct(db, parseId(id), toRow(input)));
  },
  async deleteProduct(_, { id }, { db, caller }) {
    requireAdmin(caller);
    return found((await deleteProduct(db, parseId(id))) || undefined);
  },
};

export const Product: ProductResolvers = {
  id: ({ id }) => String(id),
  price: ({ price_cents }) => price_cents / 100,
};

function toRow(input: ProductInput): NewProduct {
  const { name, price } = check(productInput, input);
  return { name, price_cents: Math.round(price * 100) };
}

function found<T>(result: T | undefined): T {
  if (result === undefined) throw notFound('Product not found');
  return result;
}

/** Throws FORBIDDEN for callers who do not carry the tier. */
function requireAdmin({ tiers: carried }: Caller): void {
  if (!carried.includes(tiers.admin)) throw forbidden(`This is for callers of the tier ${tiers.admin}.`);
}
