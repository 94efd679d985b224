import type { Migration } from 'kysely/migration';
import { initial } from './0001-initial.ts';

/** All migrations by name. They run in the order of their names, and a released one never changes. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-initial': initial,
};
