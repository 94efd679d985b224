import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { rejectionMark } from './check.ts';
import type { Load, LoadResult, LoadTool } from './load.ts';
import { numberPlace } from './operations.ts';
import { readResult } from './read-result.ts';
import { toLua } from './to-lua.ts';

const script = join(import.meta.dirname, 'wrk.lua');
const run = promisify(execFile);

/** The program of Debian's package wrk: one thread, which leaves the other core to the server. */
export const wrk: LoadTool = { name: 'wrk', run: runWrk };

async function runWrk(load: Load): Promise<LoadResult> {
  const { order, expected, prefix, connections, seconds, url } = load;
  const asks = load.asks.map((ask) => ({ ...ask }));
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const file = join(folder, 'load.lua');
  writeFileSync(file, `return ${toLua({ asks, order, expected, prefix, rejectionMark, numberPlace })}\n`);
  // A password is hashed in up to two seconds where 32 wait for it, which is when wrk gives up by default.
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', script, url];
  try {
    const { stdout } = await run('wrk', args, { env: { ...process.env, LOAD: file } });
    return readResult(stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
