import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { LogLine } from '../../support/log.ts';
import type { Serving } from './serve-apps.ts';

/** Processes that serve the same apps. */
export interface Fleet {
  /** The URLs of each process, in the order of the environments. */
  readonly urls: readonly (readonly string[])[];
  /** Ends them. @returns what they have written to standard error above the level info */
  stop(): Promise<string[]>;
}

/** The level of information in the log. */
const info = 30;

interface Process {
  readonly urls: readonly string[];
  readonly stop: () => Promise<string[]>;
}

/** Starts processes that serve one app for each environment. Whoever starts them has to stop them. */
export async function startFleet(count: number, serving: Serving): Promise<Fleet> {
  const processes = await Promise.all(Array.from({ length: count }, () => startProcess(serving)));
  return {
    urls: processes.map(({ urls }) => urls),
    stop: async () => (await Promise.all(processes.map(({ stop }) => stop()))).flat(),
  };
}

async function startProcess(serving: Serving): Promise<Process> {
  const program = join(import.meta.dirname, 'serve-apps.ts');
  const { PATH, HOME, TMPDIR, NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, [program, JSON.stringify(serving)], {
    env: { PATH, HOME, TMPDIR, NODE_COMPILE_CACHE },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = text(child.stderr);
  const ended = once(child, 'close');
  const [line] = await Promise.race([
    // What the event comes with.
    once(createInterface(child.stdout), 'line') as Promise<[string]>,
    ended.then(async () => {
      throw new Error(`The program ended before it served. It wrote:\n${await written}`);
    }),
  ]);
  return {
    // What the program writes.
    urls: JSON.parse(line) as string[],
    async stop() {
      child.kill('SIGTERM');
      // What the event comes with; the code is null where a signal has ended it.
      const [code] = (await ended) as [number | null];
      const messages = (await written).split('\n').filter(Boolean).flatMap(complaint);
      return code === 0 ? messages : [...messages, `ended with ${String(code)}`];
    },
  };
}

/** What a line says if it is more than information, and the line itself if it is none of the log. */
function complaint(line: string): string[] {
  try {
    // What the log writes; whatever else is no JSON.
    const { level, msg } = JSON.parse(line) as LogLine;
    return level > info ? [msg] : [];
  } catch {
    return [line];
  }
}
