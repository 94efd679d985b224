import type { Config } from '../config/config.ts';
import { migrate } from '../data/migrate.ts';
import { seed } from '../data/sample-data.ts';
import { withDatabase } from './with-database.ts';

export async function migrateDatabase(config: Config): Promise<void> {
  const ran = await withDatabase(config, (db) => migrate(db));
  console.log(ran.length === 0 ? 'The database is up to date.' : `Migrated: ${ran.join(', ')}.`);
}

export async function seedDatabase(config: Config): Promise<void> {
  const added = await withDatabase(config, async (db) => {
    await migrate(db);
    return seed(db);
  });
  console.log(added === 0 ? 'The sample data is there already.' : `Added ${added} sample products.`);
}
