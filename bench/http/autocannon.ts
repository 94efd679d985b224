import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LoadTool } from './load.ts';
import { readResult } from './read-result.ts';

const program = join(import.meta.dirname, '../peers/autocannon.ts');
const run = promisify(execFile);

/** The package autocannon, in a process of its own: it takes a core for itself. */
export const autocannon: LoadTool = {
  name: 'autocannon',
  async run(load) {
    const { stdout } = await run(process.execPath, [program, JSON.stringify(load)]);
    return readResult(stdout);
  },
};
