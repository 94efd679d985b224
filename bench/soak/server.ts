import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { divideCores } from '../http/cores.ts';
import { makeDatabase } from '../http/database.ts';
import { type RunningServer, startServer } from '../http/running-server.ts';

const main = join(import.meta.dirname, '../../dist/main.js');
const probe = pathToFileURL(join(import.meta.dirname, 'probe.ts')).href;
const unreached = '1000000000 per hour';

/** Starts Sluice as it is built, on a database of its own, with the probe; `closers` end it. */
export async function startSluice(jwtSecret: string, closers: AsyncDisposableStack): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-soak-'));
  closers.defer(() => {
    rmSync(folder, { recursive: true });
  });
  const database = join(folder, 'soak.db');
  makeDatabase(database);
  const command = {
    program: process.execPath,
    args: ['--expose-gc', '--import', probe, main, 'serve'],
    env: {
      NODE_ENV: 'production',
      PORT: '0',
      LOG_LEVEL: 'warn',
      DATABASE_URL: `sqlite:${database}`,
      JWT_SECRET: jwtSecret,
      TRUST_PROXY: '1',
      // What everyone asks for all the time here, and few in life.
      RATE_LIMITS: JSON.stringify({
        address: unreached,
        'Query.me': unreached,
        'Mutation.createUser': unreached,
      }),
    },
  };
  const server = await startServer(command, divideCores().serverPrefix, ['ipc']);
  closers.defer(() => server.stop());
  return server;
}
