import type { ChildProcess } from 'node:child_process';

/** What a worker tells the primary: where it listens, or why it ends. */
export type Report = { readonly url: string } | { readonly failure: string };

/** What the primary tells a worker: take no more requests, finish those in flight, and end. */
export const drainOrder = 'drain';

/** What the fleet needs of a worker of `node:cluster`. */
export interface ForkedWorker {
  readonly process: Pick<ChildProcess, 'pid' | 'exitCode' | 'signalCode' | 'kill'>;
  send(message: string, callback: () => void): unknown;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  once(event: 'exit', listener: () => void): unknown;
}

/** What the log is told of a worker that has ended. */
export interface Ended {
  /** Its process id, where it had a process. */
  readonly worker: number | undefined;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly reason: string;
}

export interface MemberEvents {
  readonly onListening: (url: string) => void;
  /** Is called once, also where there has never been a process. */
  readonly onEnd: () => void;
}

/** A worker of the fleet as its primary sees it. */
export class Member {
  /** Resolves when it has ended. */
  readonly gone: Promise<undefined>;
  readonly #worker: ForkedWorker;
  #listens = false;
  /** Why it ends, where it could say so. */
  #failure: string | undefined;

  constructor(worker: ForkedWorker, { onListening, onEnd }: MemberEvents) {
    this.#worker = worker;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.gone = promise;
    let hasLeft = false;
    const leave = (): void => {
      if (hasLeft) return;
      hasLeft = true;
      resolve(undefined);
      onEnd();
    };
    worker.once('exit', leave);
    worker.on('error', (error) => {
      // Of one that was never started there is no other sign; one that cannot be written to is about to end.
      if (worker.process.pid !== undefined) return;
      this.#failure = error.message;
      leave();
    });
    worker.on('message', (message) => {
      if (isReport(message)) this.#hear(message, onListening);
    });
  }

  get pid(): number | undefined {
    return this.#worker.process.pid;
  }

  /** Whether it has begun to take requests. */
  get listens(): boolean {
    return this.#listens;
  }

  /** How and why it has ended. */
  get ended(): Ended {
    const { pid: worker, exitCode: code, signalCode: signal } = this.#worker.process;
    const how = signal === null ? `with code ${String(code)}` : `by ${signal}`;
    const when = this.#listens ? 'after it had begun to listen' : 'before it listened';
    const reason = this.#failure ?? `A worker (process ${String(worker)}) ended ${how} ${when}.`;
    return { worker, code, signal, reason };
  }

  /** Tells it to finish what is in flight and end. */
  tellToEnd(): void {
    // It cannot be told where it drains already.
    if (this.#listens) this.#worker.send(drainOrder, () => undefined);
    // It would hear an order only once it has started, for nothing.
    else this.#worker.process.kill('SIGTERM');
  }

  /** Ends it at once. */
  kill(): void {
    this.#worker.process.kill('SIGKILL');
  }

  #hear(report: Report, onListening: (url: string) => void): void {
    if ('failure' in report) {
      this.#failure = report.failure;
    } else {
      this.#listens = true;
      onListening(report.url);
    }
  }
}

/** Whether a message between the processes is a report of ours; both ends are this program. */
function isReport(message: unknown): message is Report {
  return typeof message === 'object' && message !== null && ('url' in message || 'failure' in message);
}
