import { spawn } from 'node:child_process';
import type { Command } from './contenders.ts';

/** A server that runs. */
export interface RunningServer {
  readonly url: string;
  readonly pid: number;
  /** Ends it; it has ten seconds to do so by itself. */
  stop(): Promise<void>;
}

const patience = 30_000;
const farewell = 10_000;

/**
 * Starts a server and waits until it has written its URL.
 * @param prefix what goes in front of the command line
 * @throws Error with what it wrote where it ends before, or writes none in half a minute
 */
export async function startServer(
  { program, args, env }: Command,
  prefix: readonly string[],
): Promise<RunningServer> {
  const [command = program, ...rest] = [...prefix, program, ...args];
  const { PATH, HOME } = process.env;
  const child = spawn(command, rest, { env: { PATH, HOME, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const end = (): void => void child.kill('SIGKILL');
  process.once('exit', end);
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => {
      process.off('exit', end);
      resolve();
    });
  });
  const url = await new Promise<string>((resolve, reject) => {
    let written = '';
    const fail = (): void => {
      end();
      reject(new Error(`${[program, ...args].join(' ')} did not start. It wrote:\n${written}`));
    };
    const timer = setTimeout(fail, patience);
    const look = (text: Buffer): void => {
      written += text.toString();
      const [found] = /http:\/\/127\.0\.0\.1:[1-9]\d*/.exec(written) ?? [];
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(found);
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    child.once('error', fail);
    child.once('close', fail);
  });
  return {
    url,
    // It has written something, so it has been started.
    pid: child.pid ?? 0,
    async stop() {
      const timer = setTimeout(end, farewell);
      child.kill('SIGTERM');
      await ended;
      clearTimeout(timer);
    },
  };
}
