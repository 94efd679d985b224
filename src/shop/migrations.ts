import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { idColumn, type MigrationSet } from '../index.ts';

const initial: Migration = {
  async up(db: Kysely<unknown>) {
    await createUsers(db);
    await createProducts(db);
  },
};

/** The history of the shop's own tables. */
export const migrations: MigrationSet = {
  history: 'sluice_sample_migration',
  migrations: { 'sample-0001-initial': initial },
};

async function createUsers(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('users')
    .addColumn('id', 'integer', idColumn(db))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('email', 'text', (column) => column.notNull())
    .addColumn('email_key', 'text', (column) => column.notNull().unique())
    .addColumn('password_hash', 'text', (column) => column.notNull())
    .execute();
}

async function createProducts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('products')
    .addColumn('id', 'integer', idColumn(db))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('name_key', 'text', (column) => column.notNull())
    .addColumn('price_cents', 'integer', (column) => column.notNull())
    .addColumn('sold', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  // In the order of popularProducts, which thus reads its ten rows instead of sorting the table.
  await db.schema.createIndex('products_by_sold').on('products').columns(['sold desc', 'id']).execute();
}
