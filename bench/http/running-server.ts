import { type ChildProcess, spawn } from 'node:child_process';
import type { Command } from './contenders.ts';

/** A server that runs. */
export interface RunningServer {
  readonly url: string;
  readonly pid: number;
  readonly child: ChildProcess;
  /** Ends it; it has ten seconds to do so by itself. */
  stop(): Promise<void>;
}

const patience = 30_000;
const farewell = 10_000;

/**
 * Starts a server and waits until it has written its URL.
 * @param prefix what goes in front of the command line
 * @param channels `ipc` for one that is sent messages
 * @throws Error with what it wrote where it ends before, or writes no URL in half a minute
 */
export async function startServer(
  { program, args, env }: Command,
  prefix: readonly string[],
  channels: readonly 'ipc'[] = [],
): Promise<RunningServer> {
  const [command = program, ...rest] = [...prefix, program, ...args];
  const { PATH, HOME } = process.env;
  const child = spawn(command, rest, {
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe', ...channels],
  });
  const end = (): void => void child.kill('SIGKILL');
  process.once('exit', end);
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => {
      process.off('exit', end);
      resolve();
    });
  });
  return {
    url: await writtenUrl(child),
    // It has written something, so it has been started.
    pid: child.pid ?? NaN,
    child,
    async stop() {
      const timer = setTimeout(end, farewell);
      child.kill('SIGTERM');
      await ended;
      clearTimeout(timer);
    },
  };
}

function writtenUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let written = '';
    const fail = (): void => {
      child.kill('SIGKILL');
      reject(new Error(`${child.spawnargs.join(' ')} did not start. It wrote:\n${written}`));
    };
    const timer = setTimeout(fail, patience);
    const look = (text: Buffer): void => {
      written += text.toString();
      const [url] = /http:\/\/127\.0\.0\.1:[1-9]\d*/.exec(written) ?? [];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    };
    child.stdout?.on('data', look);
    child.stderr?.on('data', look);
    child.once('error', fail);
    child.once('close', fail);
  });
}
