import type { Migration } from 'kysely/migration';
import { initial } from './sample-0001-initial.ts';
import { apiKeys } from './server-0001-api-keys.ts';

/** Tables that belong together, with a history of their own. */
export interface MigrationSet {
  /** The table that holds which migrations have run. */
  readonly history: string;
  /** By name. They run in the order of their names, and a released one never changes. */
  readonly migrations: Readonly<Record<string, Migration>>;
}

/** What the server itself keeps, under names that leave room for the tables of whoever's database it is. */
export const serverTables: MigrationSet = {
  history: 'sluice_migration',
  migrations: { 'server-0001-api-keys': apiKeys },
};

/** What the sample API keeps. */
export const sampleTables: MigrationSet = {
  history: 'sluice_sample_migration',
  migrations: { 'sample-0001-initial': initial },
};
