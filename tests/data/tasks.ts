import type { Database } from '../../src/data/database.ts';
import { prepareFirstRun } from '../../src/data/first-run.ts';
import { migrate } from '../../src/data/migrate.ts';

/** What several processes do at once, by name. */
export const tasks = {
  migrate,
  async 'start for the first time'(db: Database): Promise<boolean> {
    await migrate(db);
    return await prepareFirstRun(db, {
      adminKeyHash: String(process.pid),
      now: new Date(0),
      withSample: true,
    });
  },
} satisfies Record<string, (db: Database) => Promise<unknown>>;

export type Task = keyof typeof tasks;
