import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Milliseconds of one tick: Linux tells programs of 100 a second on every machine. */
const tick = 10;

export interface ProcessTimes {
  readonly parent: number;
  /** Milliseconds of user and system time. */
  readonly cpu: number;
}

/** Whether the system tells how much CPU time processes took. */
export function tellsCpu(): boolean {
  return existsSync('/proc/self/stat');
}

/** The CPU time that a process and its children have taken so far, in milliseconds. */
export function cpuOf(pid: number): number {
  const times = new Map<number, ProcessTimes>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const stat = readStat(name);
    if (stat !== undefined) times.set(Number(name), parseStat(stat));
  }
  return cpuOfTree(pid, times);
}

/** The sum over a process and all that descend from it. */
export function cpuOfTree(pid: number, times: ReadonlyMap<number, ProcessTimes>): number {
  const children = [...times].filter(([, { parent }]) => parent === pid);
  return children.reduce((sum, [child]) => sum + cpuOfTree(child, times), times.get(pid)?.cpu ?? 0);
}

/** Reads `/proc/PID/stat` (proc(5)). */
export function parseStat(stat: string): ProcessTimes {
  // The second field is a name, which may hold anything; after its closing bracket comes the third.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3]);
  return { parent: field(4), cpu: (field(14) + field(15)) * tick };
}

function readStat(pid: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}
