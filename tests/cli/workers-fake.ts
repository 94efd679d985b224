import { EventEmitter } from 'node:events';
import { onTestFinished, vi } from 'vitest';
import { Fleet } from '../../src/cli/workers/fleet.ts';
import type { ForkedWorker } from '../../src/cli/workers/member.ts';
import { createLog, type LogLine } from '../support/log.ts';

/** A worker without a process, which does what a test says. A signal ends it at once, an order does not. */
export class FakeWorker extends EventEmitter implements ForkedWorker {
  /** What it has been told, signals included. */
  readonly told: string[] = [];
  readonly process;

  constructor(pid: number | undefined) {
    super();
    this.process = {
      pid,
      exitCode: null as number | null,
      signalCode: null as NodeJS.Signals | null,
      kill: (signal: NodeJS.Signals): boolean => {
        this.told.push(signal);
        this.#end(null, signal);
        return true;
      },
    };
  }

  send(order: string): void {
    this.told.push(order);
  }

  listen(): void {
    this.emit('message', { url: 'http://shop' });
  }

  /** Ends with a code, and with a reason where it gives one. */
  exit(code: number, failure?: string): void {
    if (failure !== undefined) this.emit('message', { failure });
    this.#end(code, null);
  }

  #end(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    Object.assign(this.process, { exitCode: code, signalCode: signal });
    this.emit('exit');
  }
}

export interface FakeFleet {
  readonly fleet: Fleet;
  /** All workers that have ever been started. */
  readonly workers: FakeWorker[];
  /** What the log has, but for its lowest level. */
  readonly lines: readonly LogLine[];
  readonly up: string[];
  /** Why it has given up. */
  readonly broken: string[];
  /** The worker that was started last. */
  latest(): FakeWorker;
  /** Makes the next start fail with this error. */
  refuse(error: Error): void;
}

/**
 * Starts a fleet of workers without processes, in a time that passes only when the test says so.
 * @param refusals what the starts fail with that come first, from the last one
 */
export function startFleet(count: number, refusals: Error[] = []): FakeFleet {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { log, lines } = createLog();
  const workers: FakeWorker[] = [];
  const up: string[] = [];
  const broken: string[] = [];
  const fleet = new Fleet({
    count,
    fork() {
      const refusal = refusals.pop();
      if (refusal !== undefined) throw refusal;
      const worker = new FakeWorker(100 + workers.length);
      workers.push(worker);
      return worker;
    },
    log,
    patienceMs: 15_000,
    onUp: (url) => up.push(url),
    onBroken: ({ message }) => broken.push(message),
  });
  fleet.start();
  return {
    fleet,
    workers,
    lines,
    up,
    broken,
    latest: () => workerAt(workers, -1),
    refuse: (error) => void refusals.push(error),
  };
}

/** The worker that was started there in their order; from the end where it is negative. */
export function workerAt(workers: readonly FakeWorker[], index: number): FakeWorker {
  const found = workers.at(index);
  if (found === undefined) throw new Error(`There is no worker ${index}.`);
  return found;
}
