import type { Config } from '../config/config.ts';
import { openDatabase } from '../data/database.ts';
import { migrate } from '../data/migrate.ts';
import { seed } from '../data/sample-data.ts';
import { withDatabase } from './with-database.ts';

export async function migrateDatabase({ database }: Config): Promise<void> {
  const db = openDatabase(database.url);
  try {
    const ran = await migrate(db);
    console.log(ran.length === 0 ? 'The database is up to date.' : `Migrated: ${ran.join(', ')}.`);
  } finally {
    await db.destroy();
  }
}

export async function seedDatabase(config: Config): Promise<void> {
  const added = await withDatabase(config, seed);
  console.log(added === 0 ? 'The sample data is there already.' : `Added ${added} sample products.`);
}
