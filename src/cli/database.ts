import type { Config } from '../config/config.ts';
import { migrate } from '../database/migrate.ts';
import { serverMigrations } from '../database/server-migrations.ts';
import { shop, type ShopTables } from '../shop/index.ts';
import { withDatabase } from './with-database.ts';

const withShop = [serverMigrations, shop.migrations];

/** Brings the tables up to date that the server keeps for itself, and those of the shop where that is wanted. */
export async function migrateDatabase(config: Config, isShop: boolean): Promise<void> {
  const ran = await withDatabase(config, (db) => migrate(db, isShop ? withShop : [serverMigrations]));
  console.log(ran.length === 0 ? 'The database is up to date.' : `Migrated: ${ran.join(', ')}.`);
}

/** Adds the shop's sample data that is missing, and its tables. */
export async function seedDatabase(config: Config): Promise<void> {
  const added = await withDatabase<ShopTables, number>(config, async (db) => {
    await migrate(db, withShop);
    return shop.seed(db);
  });
  console.log(added === 0 ? 'The sample data is there already.' : `Added ${added} sample products.`);
}
