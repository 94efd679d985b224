import type { Config } from '../config/config.ts';
import { openDatabase, type Database } from '../data/database.ts';
import { migrate } from '../data/migrate.ts';

/** Opens the database, brought up to date, for as long as the work takes. */
export async function withDatabase<T>({ database }: Config, work: (db: Database) => Promise<T>): Promise<T> {
  const db = openDatabase(database.url);
  try {
    await migrate(db);
    return await work(db);
  } finally {
    await db.destroy();
  }
}
