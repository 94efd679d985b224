import type { ColumnDefinitionBuilder, Kysely } from 'kysely';
import { PostgresAdapter } from 'kysely';

/**
 * Makes a column the primary key that counts up by itself and never gives an id twice.
 *
 * @example
 * ```ts
 * import type { Kysely } from 'kysely';
 * import { idColumn } from 'sluice';
 *
 * export async function up(db: Kysely<unknown>): Promise<void> {
 *   await db.schema.createTable('notes').addColumn('id', 'integer', idColumn(db)).execute();
 * }
 * ```
 */
export function idColumn(db: Kysely<unknown>): (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder {
  const isPostgres = db.getExecutor().adapter instanceof PostgresAdapter;
  return (column) =>
    isPostgres ? column.primaryKey().generatedByDefaultAsIdentity() : column.primaryKey().autoIncrement();
}
