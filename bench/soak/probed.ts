import { once } from 'node:events';
import type { RunningServer } from '../http/running-server.ts';

/** How much memory a server takes, in bytes. */
export interface Memory {
  /** On the heap and beside it, after everything that can be freed was. */
  readonly used: number;
  /** In the eyes of the system. */
  readonly rss: number;
}

/** Asks a server that has the probe. */
export async function memoryOf({ child }: RunningServer): Promise<Memory> {
  const answer = once(child, 'message');
  child.send('measure');
  const [memory] = (await answer) as [Memory];
  return memory;
}

/** The CPU time that a server with the probe has taken so far, in milliseconds. */
export async function cpuTimeOf({ child }: RunningServer): Promise<number> {
  const answer = once(child, 'message');
  child.send('cpu');
  const [milliseconds] = (await answer) as [number];
  return milliseconds;
}
