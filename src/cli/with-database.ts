import type { Config } from '../config/config.ts';
import { openDatabase, type Database } from '../data/database.ts';

/** Opens the database for as long as the work takes. */
export async function withDatabase<T>({ database }: Config, work: (db: Database) => Promise<T>): Promise<T> {
  const db = openDatabase(database.url);
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}
