import type { Generated } from 'kysely';

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

/** What the server itself keeps, under names that leave room for the tables of whoever's database it is. */
export interface ServerTables {
  sluice_api_keys: ApiKeysTable;
}
