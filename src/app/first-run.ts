import { insertApiKey } from '../database/api-keys.ts';
import { type Database, withServerTables } from '../database/database.ts';

export interface FirstRun<Tables> {
  /** SHA-256 of the API key that is to be the first, in hex. */
  readonly adminKeyHash: string;
  readonly now: Date;
  /** Adds the application's first data, for which its tables must be there. */
  readonly seed?: ((db: Database<Tables>) => Promise<unknown>) | undefined;
}

/** Gives a fresh database its API key `admin`, of the tier ADMIN, and its first data; returns whether it was fresh. */
export async function prepareFirstRun<Tables>(
  db: Database<Tables>,
  { adminKeyHash, now, seed }: FirstRun<Tables>,
): Promise<boolean> {
  return await db.transaction().execute(async (transaction) => {
    // Of racing processes one inserts the key; the others wait for its transaction and find the name taken.
    const key = { name: 'admin', keyHash: adminKeyHash, tiers: ['ADMIN'], createdAt: now };
    const isFresh = (await insertApiKey(withServerTables(transaction), key)) !== undefined;
    if (isFresh) await seed?.(transaction);
    return isFresh;
  });
}
