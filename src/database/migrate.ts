import { type Migration, type MigrationResult, Migrator } from 'kysely/migration';
import type { Database } from './database.ts';

/**
 * Tables that belong together, with a history of their own.
 *
 * @example
 * ```ts
 * import { idColumn, type MigrationSet } from 'sluice';
 *
 * export const migrations: MigrationSet = {
 *   history: 'notes_migrations',
 *   migrations: {
 *     '0001_notes': {
 *       async up(db) {
 *         const notes = db.schema.createTable('notes').addColumn('id', 'integer', idColumn(db));
 *         await notes.addColumn('text', 'text', (column) => column.notNull()).execute();
 *       },
 *     },
 *   },
 * };
 * ```
 */
export interface MigrationSet {
  /** The table that holds which migrations have run. */
  readonly history: string;
  /** By name. They run in the order of their names, and a released one never changes. */
  readonly migrations: Readonly<Record<string, Migration>>;
}

/**
 * Brings tables up to date, each set in one transaction; of several processes at once one does it and the others wait.
 * Returns the names of the migrations that ran, none when there was nothing to do.
 * @throws Error that names the migration that failed, with its cause.
 */
export async function migrate<Tables>(
  db: Database<Tables>,
  sets: readonly MigrationSet[],
): Promise<string[]> {
  const ran: string[] = [];
  for (const set of sets) ran.push(...(await migrateSet(db, set)));
  return ran;
}

async function migrateSet<Tables>(
  db: Database<Tables>,
  { history, migrations }: MigrationSet,
): Promise<string[]> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve({ ...migrations }) },
    migrationTableName: history,
    migrationLockTableName: `${history}_lock`,
  });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error !== undefined) throw migrationError(error, results);
  return results.map((result) => result.migrationName);
}

function migrationError(cause: unknown, results: readonly MigrationResult[]): Error {
  const failed = results.find((result) => result.status === 'Error');
  const subject = failed === undefined ? 'The migrations' : `The migration "${failed.migrationName}"`;
  return new Error(`${subject} failed and left nothing behind: ${reasonOf(cause)}`, { cause });
}

function reasonOf(error: unknown): string {
  // A host with several addresses that all refuse: the reasons are inside.
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}
