import { hash } from 'node:crypto';
import type { Cluster, Redis } from 'ioredis';
import type { Call } from '../breaker.ts';

/** A Lua script that the server runs as one step, which nothing comes between. */
export interface Script {
  readonly lua: string;
  readonly sha: string;
}

export function makeScript(lua: string): Script {
  return { lua, sha: hash('sha1', lua) };
}

export type ScriptArgument = string | number | Buffer;

/** What a script is run with. */
export interface ScriptRun {
  readonly script: Script;
  readonly keys: readonly string[];
  readonly args: readonly ScriptArgument[];
  /** Whether texts come as Buffers, and not as strings. */
  readonly asBytes?: boolean;
}

/**
 * Runs a script. One that the server does not know has not been run, so that it is sent again, with its text, unless
 * nobody waits any more.
 */
export async function runScript(client: Redis | Cluster, run: ScriptRun, call: Call): Promise<unknown> {
  const { script } = run;
  try {
    return await send(client, 'evalsha', script.sha, run);
  } catch (error) {
    if (!isUnknownScript(error) || call.isGivenUp) throw error;
    return await send(client, 'eval', script.lua, run);
  }
}

function send(
  client: Redis | Cluster,
  command: 'evalsha' | 'eval',
  script: string,
  { keys, args, asBytes = false }: ScriptRun,
): Promise<unknown> {
  if (asBytes) return client.callBuffer(command, script, keys.length, ...keys, ...args);
  return client[command](script, keys.length, ...keys, ...args);
}

function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}
