import type { Generated, Insertable, Selectable } from 'kysely';

export interface UsersTable {
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

export interface ApiKeysTable {
  id: Generated<number>;
  /** Unique. */
  name: string;
  /** SHA-256 of the key, in hex, unique. */
  key_hash: string;
  /** A JSON list of names. */
  tiers: string;
  /** ISO 8601. */
  created_at: string;
  /** ISO 8601, null while the key is good. */
  revoked_at: string | null;
}

export interface Tables {
  users: UsersTable;
  products: ProductsTable;
  sluice_api_keys: ApiKeysTable;
}

/** A user as queries return it: without anything secret. */
export type User = Omit<Selectable<UsersTable>, 'email_key' | 'password_hash'>;
export type NewUser = Pick<Insertable<UsersTable>, 'name' | 'email' | 'password_hash'>;
export type Product = Omit<Selectable<ProductsTable>, 'name_key' | 'sold'>;
export type NewProduct = Pick<Insertable<ProductsTable>, 'name' | 'price_cents'>;
