import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { TestDatabase } from '../database.ts';
import type { Task } from './tasks.ts';
import { tasks } from './tasks.ts';

const SCRIPT = new URL('run-task.ts', import.meta.url);

/** What several runs of a task at once on one open database returned. */
export async function inOneProcess(task: Task, runs: number, db: TestDatabase): Promise<unknown[]> {
  return await Promise.all(Array.from({ length: runs }, () => tasks[task](db)));
}

/** What several processes returned that open a database and run a task on it at once. Rejects when one fails. */
export async function inProcesses(task: Task, runs: number, url: string): Promise<unknown[]> {
  const processes = await Promise.all(Array.from({ length: runs }, startProcess));
  return await Promise.all(processes.map((child) => runIn(child, task, url)));
}

async function startProcess(): Promise<ChildProcess> {
  const child = fork(SCRIPT, { execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  await once(child, 'message');
  return child;
}

async function runIn(child: ChildProcess, task: Task, url: string): Promise<unknown> {
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  let answer: { result: unknown } | undefined;
  child.once('message', (message) => (answer = message as { result: unknown }));
  child.send({ task, url });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0 || answer === undefined) throw new Error(`A process ended with ${String(code)}: ${errors}`);
  return answer.result;
}
