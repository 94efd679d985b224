import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { idColumn } from './id-column.ts';
import type { MigrationSet } from './migrate.ts';

const apiKeys: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('sluice_api_keys')
      .addColumn('id', 'integer', idColumn(db))
      .addColumn('name', 'text', (column) => column.notNull().unique())
      .addColumn('key_hash', 'text', (column) => column.notNull().unique())
      .addColumn('tiers', 'text', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('revoked_at', 'text')
      .execute();
  },
};

/** The history of the tables that the server keeps for itself, whoever's database it is. */
export const serverMigrations: MigrationSet = {
  history: 'sluice_migration',
  migrations: { 'server-0001-api-keys': apiKeys },
};
