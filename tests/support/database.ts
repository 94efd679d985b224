import { type Database, openDatabase } from '../../src/database/database.ts';
import { serverMigrations } from '../../src/database/server-migrations.ts';
import type { ServerTables } from '../../src/database/server-tables.ts';
import type { TableListener } from '../../src/database/table-listener.ts';
import { migrations } from '../../src/shop/migrations.ts';
import type { ShopTables } from '../../src/shop/tables.ts';

/** All tables that there are where the shop is served. */
export interface AllTables extends ServerTables, ShopTables {}

export type TestDatabase = Database<AllTables>;

/** `openDatabase`, with the tables of the server and of the shop. */
export function openTestDatabase(url: string, listener?: TableListener): TestDatabase {
  return openDatabase<AllTables>(url, listener);
}

/** The histories of the tables of the server and of the shop. */
export const allMigrations = [serverMigrations, migrations];
