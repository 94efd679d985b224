import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { divideCores } from '../http/cores.ts';
import { makeDatabase } from '../http/database.ts';
import { type RunningServer, startServer } from '../http/running-server.ts';

const main = join(import.meta.dirname, '../../dist/main.js');
const probe = pathToFileURL(join(import.meta.dirname, 'probe.ts')).href;

export interface SluiceOptions {
  /** What `closers` end. */
  readonly closers: AsyncDisposableStack;
  /** Environment variables, besides those that put it on a database of its own. */
  readonly env: Readonly<Record<string, string>>;
  /** Adds to the database, by its path. */
  readonly addData?: (database: string) => void;
}

/** Starts Sluice as it is built, on a database of its own, with the probe, behind a proxy that tells who asks. */
export async function startSluice({ closers, env, addData }: SluiceOptions): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-soak-'));
  closers.defer(() => {
    rmSync(folder, { recursive: true });
  });
  const database = join(folder, 'soak.db');
  makeDatabase(database);
  addData?.(database);
  const command = {
    program: process.execPath,
    args: ['--expose-gc', '--import', probe, main, 'serve'],
    env: {
      NODE_ENV: 'production',
      PORT: '0',
      LOG_LEVEL: 'warn',
      DATABASE_URL: `sqlite:${database}`,
      TRUST_PROXY: '1',
      ...env,
    },
  };
  const server = await startServer(command, divideCores().serverPrefix, ['ipc']);
  closers.defer(() => server.stop());
  return server;
}
