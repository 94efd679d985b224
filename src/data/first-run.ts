import { insertApiKey } from './api-keys.ts';
import type { Database } from './database.ts';
import { seed } from './sample-data.ts';

export interface FirstRun {
  /** SHA-256 of the API key that is to be the first, in hex. */
  readonly adminKeyHash: string;
  readonly now: Date;
  /** Whether to add the sample data, for which its tables must be there. */
  readonly withSample: boolean;
}

/** Gives a fresh database its API key `admin`, of the tier ADMIN, and its first data; returns whether it was fresh. */
export async function prepareFirstRun(
  db: Database,
  { adminKeyHash, now, withSample }: FirstRun,
): Promise<boolean> {
  return await db.transaction().execute(async (transaction) => {
    // Of racing processes one inserts the key; the others wait for its transaction and find the name taken.
    const key = { name: 'admin', keyHash: adminKeyHash, tiers: ['ADMIN'], createdAt: now };
    const isFresh = (await insertApiKey(transaction, key)) !== undefined;
    if (isFresh && withSample) await seed(transaction);
    return isFresh;
  });
}
