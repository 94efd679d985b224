import type { RequestContext } from '../index.ts';
import type { ShopTables } from './tables.ts';

/** What the resolvers of the shop may use. */
export type ShopContext = RequestContext<ShopTables>;
