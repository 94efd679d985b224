import { prepareFirstRun } from '../../../src/app/first-run.ts';
import { migrate } from '../../../src/database/migrate.ts';
import { seed } from '../../../src/shop/seed.ts';
import { allMigrations, type TestDatabase } from '../database.ts';

/** What several processes do at once, by name. */
export const tasks = {
  migrate: (db: TestDatabase) => migrate(db, allMigrations),
  async 'start for the first time'(db: TestDatabase): Promise<boolean> {
    await migrate(db, allMigrations);
    return await prepareFirstRun(db, {
      adminKeyHash: String(process.pid),
      now: new Date(0),
      seed,
    });
  },
} satisfies Record<string, (db: TestDatabase) => Promise<unknown>>;

export type Task = keyof typeof tasks;
