import type { Selectable } from 'kysely';
import { compileOnce } from './compile-once.ts';
import type { Database } from './database.ts';
import type { ApiKeysTable } from './server-tables.ts';

/** An API key as queries return it: never with its hash. */
export interface ApiKey {
  readonly id: number;
  readonly name: string;
  readonly tiers: string[];
  readonly createdAt: Date;
  /** Undefined while the key is good. */
  readonly revokedAt: Date | undefined;
}

export interface NewApiKey {
  readonly name: string;
  /** SHA-256 of the key, in hex. */
  readonly keyHash: string;
  readonly tiers: readonly string[];
  readonly createdAt: Date;
}

const columns = ['id', 'name', 'tiers', 'created_at', 'revoked_at'] as const;

const goodKeyByHash = compileOnce((db: Database, keyHash: string) => {
  const good = db.selectFrom('sluice_api_keys').select(columns).where('revoked_at', 'is', null);
  return good.where('key_hash', '=', keyHash);
});

/** Adds an API key; undefined when its name is taken, also by a revoked key, or when the key itself exists. */
export async function insertApiKey(db: Database, key: NewApiKey): Promise<ApiKey | undefined> {
  const { name, keyHash, tiers, createdAt } = key;
  const row = await db
    .insertInto('sluice_api_keys')
    .values({
      name,
      key_hash: keyHash,
      tiers: JSON.stringify(tiers),
      created_at: createdAt.toISOString(),
      revoked_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning(columns)
    .executeTakeFirst();
  return row && toApiKey(row);
}

/** The API key with a hash (SHA-256, in hex); undefined when there is none or it is revoked. */
export async function findApiKey(db: Database, keyHash: string): Promise<ApiKey | undefined> {
  const [row] = await goodKeyByHash(db, keyHash);
  return row && toApiKey(row);
}

/** All API keys, revoked ones too, by id. */
export async function listApiKeys(db: Database): Promise<ApiKey[]> {
  const rows = await db.selectFrom('sluice_api_keys').select(columns).orderBy('id').execute();
  return rows.map(toApiKey);
}

/** Makes an API key useless from now on; false when no good key has the name. */
export async function revokeApiKey(db: Database, name: string, at: Date): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('sluice_api_keys')
    .set({ revoked_at: at.toISOString() })
    .where('name', '=', name)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

function toApiKey(row: Omit<Selectable<ApiKeysTable>, 'key_hash'>): ApiKey {
  return {
    id: row.id,
    name: row.name,
    tiers: JSON.parse(row.tiers) as string[],
    createdAt: new Date(row.created_at),
    revokedAt: row.revoked_at === null ? undefined : new Date(row.revoked_at),
  };
}
