import type { Generated, Insertable, Selectable } from 'kysely';
import type { Database } from '../index.ts';

interface UsersTable {
  id: Generated<number>;
  name: string;
  email: string;
  /** The e-mail address with its case folded, unique. */
  email_key: string;
  /** Selected only where it is verified. */
  password_hash: string;
}

export interface ProductsTable {
  id: Generated<number>;
  name: string;
  /** The name with its case folded, for searching. */
  name_key: string;
  price_cents: number;
  /** How many have been sold, 0 for a new product. */
  sold: Generated<number>;
}

export interface ShopTables {
  users: UsersTable;
  products: ProductsTable;
}

export type ShopDatabase = Database<ShopTables>;

/** A user as queries return it: without anything secret. */
export type User = Omit<Selectable<UsersTable>, 'email_key' | 'password_hash'>;
export type NewUser = Pick<Insertable<UsersTable>, 'name' | 'email' | 'password_hash'>;
export type Product = Omit<Selectable<ProductsTable>, 'name_key' | 'sold'>;
export type NewProduct = Pick<Insertable<ProductsTable>, 'name' | 'price_cents'>;
