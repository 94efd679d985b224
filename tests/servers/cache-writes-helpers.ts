import { createApiKey, hashApiKey } from '../../src/caller/api-key.ts';
import { insertApiKey } from '../../src/database/api-keys.ts';
import { shop } from '../../src/shop/index.ts';
import { resolvers as shopResolvers } from '../../src/shop/resolvers/index.ts';
import { productQueries } from '../../src/shop/resolvers/products.ts';
import type { Start, TestApp, TestAppOptions } from '../support/app.ts';
import type { Reply } from '../support/client.ts';

export const stored = 'sluice; fwd=miss; stored';
export const hit = 'sluice; hit; ttl=60';
/** The Cache-Status of an answer that a write has overtaken while it was made. */
export const overtaken = 'sluice; fwd=miss; detail="overtaken"';
/** The Cache-Status of an answer of which it cannot be told what it was made from. */
export const unknownTables = 'sluice; fwd=miss; detail="unknown-tables"';

export function cacheStatus({ headers }: Reply): string | null {
  return headers.get('cache-status');
}

export function isHit(reply: Reply): boolean {
  return cacheStatus(reply)?.startsWith('sluice; hit') === true;
}

export interface CachedSample extends TestApp {
  /** The header fields that make a request one of an administrator's. */
  readonly asAdmin: Record<string, string>;
}

const productType = /: (\[Product!\]|Product)(?=\s+@rateLimit)/g;
/** The sample API, of which the products are kept for 60 seconds as well. An unknown product is null, and no error. */
const cachedSdl = shop.typeDefs.replaceAll(productType, ': $1 @cacheControl(maxAge: 60)');
const unlimited = [
  'Query.products',
  'Query.product',
  'Query.searchProducts.burst',
  'Query.searchProducts.daily',
];
const alsoUnlimited = ['products', 'Query.roleBasedProducts', 'Query.user', 'Mutation.createUser'];

const findProduct = productQueries.product as (...args: readonly unknown[]) => Promise<unknown>;

export async function startCachedSample(start: Start, options: TestAppOptions = {}): Promise<CachedSample> {
  const limits = Object.fromEntries([...unlimited, ...alsoUnlimited].map((name) => [name, null]));
  const resolvers = {
    ...shopResolvers,
    Query: {
      ...shopResolvers.Query,
      product: async (...args: Parameters<typeof findProduct>) => {
        try {
          return await findProduct(...args);
        } catch {
          return null;
        }
      },
    },
  };
  const env = { RATE_LIMITS: JSON.stringify(limits), ...options.env };
  const app = await start({ ...shop, typeDefs: cachedSdl, resolvers, ...options, env });
  const key = createApiKey();
  const createdAt = new Date(app.clock.now());
  await insertApiKey(app.db, { name: 'writer', keyHash: hashApiKey(key), tiers: ['ADMIN'], createdAt });
  return Object.assign(app, { asAdmin: { 'x-api-key': key } });
}
