import { Migrator } from 'kysely/migration';
import type { MigrationResult } from 'kysely/migration';
import type { Database } from './database.ts';
import { migrations } from './migrations/index.ts';

/**
 * Brings the tables up to date, in one transaction; of several processes at once one does it and the others wait.
 * Returns the names of the migrations that ran, none when there was nothing to do.
 * @throws Error that names the migration that failed, with its cause.
 */
export async function migrate(db: Database): Promise<string[]> {
  const provider = { getMigrations: () => Promise.resolve({ ...migrations }) };
  const { error, results = [] } = await new Migrator({ db, provider }).migrateToLatest();
  if (error !== undefined) throw migrationError(error, results);
  return results.map((result) => result.migrationName);
}

function migrationError(cause: unknown, results: readonly MigrationResult[]): Error {
  const failed = results.find((result) => result.status === 'Error');
  const subject = failed === undefined ? 'The migrations' : `The migration "${failed.migrationName}"`;
  return new Error(`${subject} failed and nothing was changed: ${reasonOf(cause)}`, { cause });
}

function reasonOf(error: unknown): string {
  // A host with several addresses that all refuse: the reasons are inside.
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}
