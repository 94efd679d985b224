import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A server of the test's own, on a port of 127.0.0.1. */
export interface TestServer {
  readonly port: number;
  /** Lets it take no notice of anything, as a machine does that has lost its network. */
  pause(): void;
  resume(): void;
  /** Ends it at once, without a farewell to anybody. */
  kill(): Promise<void>;
  /** Starts it again on the same port, empty. It must have been killed. */
  restart(): Promise<void>;
  /** Ends it for good. */
  stop(): Promise<void>;
}

export type Binary = 'redis-server' | 'memcached';

/** Whether a program is found on the PATH. */
export function isInstalled(binary: Binary): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, binary), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** A Redis server that keeps nothing on disk. @param options more of its command line */
export async function startRedis(...options: readonly string[]): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-redis-'));
  const fixed = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  const server = await startServer('redis-server', (port) => ['--port', String(port), ...fixed, ...options]);
  return {
    ...server,
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

export function startMemcached(...options: readonly string[]): Promise<TestServer> {
  // It refuses to run as root unless it is told to.
  const user = process.getuid?.() === 0 ? ['-u', 'root'] : [];
  return startServer('memcached', (port) => [
    '-l',
    '127.0.0.1',
    '-p',
    String(port),
    '-U',
    '0',
    ...user,
    ...options,
  ]);
}

async function startServer(binary: Binary, args: (port: number) => string[]): Promise<TestServer> {
  const port = await freePort();
  const launch = async (): Promise<ChildProcess> => {
    const child = spawn(binary, args(port), { stdio: 'ignore' });
    const end = (): void => void child.kill('SIGKILL');
    process.once('exit', end);
    child.once('exit', () => process.off('exit', end));
    await listening(port, child);
    return child;
  };
  let child = await launch();
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  };
  return {
    port,
    pause() {
      child.kill('SIGSTOP');
      awaitStop(child.pid);
    },
    resume: () => void child.kill('SIGCONT'),
    kill,
    async restart() {
      child = await launch();
    },
    stop: kill,
  };
}

/** Waits until all threads of a process stand still, where the system tells: until then they may still answer. */
function awaitStop(pid = 0): void {
  const tasks = `/proc/${pid}/task`;
  const deadline = performance.now() + 1000;
  while (existsSync(tasks) && performance.now() < deadline) {
    const states = readdirSync(tasks).map((task) => readFileSync(`${tasks}/${task}/stat`, 'utf8'));
    if (states.every((state) => state.includes(') T '))) return;
  }
}

/** A port of 127.0.0.1 that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on TCP has an address of this shape.
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Resolves once something listens. */
async function listening(port: number, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!(await accepts(port))) {
    if (child.exitCode !== null || performance.now() > deadline) {
      throw new Error(`${child.spawnfile} does not listen on port ${port}.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}
