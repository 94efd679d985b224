import { insertApiKey } from './api-keys.ts';
import type { Database } from './database.ts';
import { seed } from './sample-data.ts';

/**
 * Gives a fresh database its API key `admin`, of the tier ADMIN, and the sample data; returns whether it was fresh.
 * `adminKeyHash` is the SHA-256 of the key, in hex.
 */
export async function prepareFirstRun(db: Database, adminKeyHash: string, now: Date): Promise<boolean> {
  return await db.transaction().execute(async (transaction) => {
    // Of racing processes one inserts the key; the others wait for its transaction and find the name taken.
    const key = { name: 'admin', keyHash: adminKeyHash, tiers: ['ADMIN'], createdAt: now };
    const isFresh = (await insertApiKey(transaction, key)) !== undefined;
    if (isFresh) await seed(transaction);
    return isFresh;
  });
}
