import type { Config } from '../config/config.ts';
import { type Database, openDatabase } from '../database/database.ts';

/** Opens the database for as long as the work takes. */
export async function withDatabase<Tables, T>(
  { database }: Config,
  work: (db: Database<Tables>) => Promise<T>,
): Promise<T> {
  const db = openDatabase<Tables>(database.url);
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}
