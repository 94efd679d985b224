import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { isOnPath } from './is-on-path.ts';

/** Where servers and load run. */
export interface Cores {
  readonly description: string;
  /** What goes in front of a server's command line. */
  readonly serverPrefix: readonly string[];
}

/**
 * Moves this process, and with it whatever it starts, to one core and leaves another one to the servers. Where that
 * cannot be done, all share what there is.
 */
export function divideCores(): Cores {
  if (availableParallelism() < 2 || !isOnPath('taskset')) {
    return { description: 'server and load share all cores (no taskset, or one core)', serverPrefix: [] };
  }
  execFileSync('taskset', ['-a', '-p', '-c', '0', String(process.pid)]);
  return {
    description: 'server on one core; load, and Redis where it is used, on another',
    serverPrefix: ['taskset', '-c', '1'],
  };
}
