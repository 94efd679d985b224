import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { root } from './source-files.ts';

interface Exit {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Program {
  /** Resolves with the output so far once it matches; rejects if the program ends before. */
  output(pattern: RegExp): Promise<RegExpExecArray>;
  kill(signal: NodeJS.Signals): void;
  readonly exit: Promise<Exit>;
}

type Env = Readonly<Record<string, string>>;

/** Starts `sluice` from its sources, as a process of its own. */
export function sluice(args: readonly string[], env: Env = {}, nodeOptions: readonly string[] = []): Program {
  return start(process.execPath, [...nodeOptions, join(root, 'src/main.ts'), ...args], env);
}

/** Starts any program in the root of the project. It is killed if the test ends before it. */
export function start(command: string, args: readonly string[], env: Env = {}): Program {
  const child = spawn(command, args, {
    cwd: root,
    env: { ...withoutOurs(), ...env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const written = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => (written[stream] += text));
  }
  const exit = new Promise<Exit>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, ...written });
    });
  });
  return {
    exit,
    kill: (signal) => void child.kill(signal),
    output: (pattern) => match(child, pattern, () => written.stdout),
  };
}

/** A database file in a folder of its own, which is removed when the test ends. */
export function temporaryDatabase(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  return `sqlite:${join(folder, 'data', 'sluice.db')}`;
}

function match(child: ChildProcess, pattern: RegExp, text: () => string): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const found = pattern.exec(text());
      if (found !== null) resolve(found);
    };
    child.stdout?.on('data', look);
    child.once('close', () => {
      reject(new Error(`The program ended before it wrote ${String(pattern)}. It wrote:\n${text()}`));
    });
    look();
  });
}

/** The environment without anything that configures the server or the test run. */
function withoutOurs(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, NODE_COMPILE_CACHE } = process.env;
  return { PATH, HOME, TMPDIR, NODE_COMPILE_CACHE };
}
