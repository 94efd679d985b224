import { openTestDatabase } from '../database.ts';
import type { Task } from './tasks.ts';
import { tasks } from './tasks.ts';

// The parent waits until all processes are here, so that what follows happens at once.
process.send?.('ready');
process.once('message', ({ task, url }: { task: Task; url: string }) => {
  void run(task, url);
});

async function run(task: Task, url: string): Promise<void> {
  const db = openTestDatabase(url);
  process.send?.({ result: await tasks[task](db) });
  await db.destroy();
  process.disconnect();
}
