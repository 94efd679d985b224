import cluster, { type Worker } from 'node:cluster';
import type { Logger } from 'pino';
import { drainOrder, isReport } from './messages.ts';

export interface FleetOptions {
  /** How many workers there are to be. */
  readonly count: number;
  readonly log: Logger;
  /** How long a worker may take to end once it has been told to, in milliseconds. */
  readonly patienceMs: number;
  /** Is told once, when all workers listen for the first time, where. */
  readonly onUp: (url: string) => void;
  /** Is told why there is no point in going on: no worker gets as far as listening. */
  readonly onBroken: (error: Error) => void;
}

interface Member {
  readonly worker: Worker;
  readonly gone: Promise<undefined>;
  listens: boolean;
  /** Why it ends, where it could say so. */
  failure: string | undefined;
}

/** So many workers in a row may end before one listens. A single one is too many before all have listened once. */
const mostFailures = 5;

/** The workers of this process, each of which is replaced when it ends, until they are told to. */
export class Fleet {
  readonly #options: FleetOptions;
  readonly #members = new Set<Member>();
  #phase: 'starting' | 'serving' | 'ending' = 'starting';
  #failures = 0;

  constructor(options: FleetOptions) {
    this.#options = options;
  }

  start(): void {
    for (let index = 0; index < this.#options.count; index++) this.#fork();
  }

  /** Drains one worker after the other, so that the port is served as long as possible. */
  async end(): Promise<void> {
    this.#phase = 'ending';
    for (const member of this.#members) await this.#retire(member);
  }

  /** Ends all workers at once. */
  kill(): void {
    for (const { worker } of this.#members) worker.process.kill('SIGKILL');
  }

  #fork(): void {
    const worker = cluster.fork();
    const { promise: gone, resolve } = Promise.withResolvers<undefined>();
    const member: Member = { worker, gone, listens: false, failure: undefined };
    this.#members.add(member);
    const leave = (): void => {
      resolve(undefined);
      if (this.#members.delete(member)) this.#onEnd(member);
    };
    worker.once('exit', leave);
    worker.on('message', (message: unknown) => {
      if (!isReport(message)) return;
      if ('url' in message) this.#onListening(member, message.url);
      else member.failure = message.failure;
    });
    worker.on('error', (error) => {
      // Of one that was never started there is no other sign; one that cannot be written to is about to end.
      if (worker.process.pid !== undefined) return;
      member.failure = error.message;
      leave();
    });
  }

  #onListening(member: Member, url: string): void {
    const { count, log, onUp } = this.#options;
    member.listens = true;
    this.#failures = 0;
    log.info({ worker: member.worker.process.pid, url }, 'a worker listens');
    const isUp = this.#members.size === count && [...this.#members].every(({ listens }) => listens);
    if (this.#phase !== 'starting' || !isUp) return;
    this.#phase = 'serving';
    onUp(url);
  }

  #onEnd(member: Member): void {
    const { log, onBroken } = this.#options;
    const { pid, exitCode: code, signalCode: signal } = member.worker.process;
    const ended = { worker: pid, code, signal, reason: member.failure };
    if (this.#phase === 'ending') {
      if (member.listens && code !== 0) log.error(ended, 'a worker did not end well');
      return;
    }
    if (!member.listens && (this.#phase === 'starting' || ++this.#failures === mostFailures)) {
      this.#phase = 'ending';
      onBroken(new Error(reasonOf(member, this.#failures)));
      return;
    }
    log[code === 0 ? 'info' : 'error'](ended, 'a worker ended: another one takes its place');
    this.#fork();
  }

  async #retire({ worker, gone, listens }: Member): Promise<void> {
    const deadline = setTimeout(() => worker.process.kill('SIGKILL'), this.#options.patienceMs);
    if (listens) this.#options.log.info({ worker: worker.process.pid }, 'a worker is told to end');
    // It cannot be told where it drains already.
    worker.send(drainOrder, () => undefined);
    await gone;
    clearTimeout(deadline);
  }
}

function reasonOf({ worker, failure }: Member, failures: number): string {
  const { pid, exitCode, signalCode } = worker.process;
  const how = signalCode === null ? `with code ${String(exitCode)}` : `by ${signalCode}`;
  const reason = failure ?? `A worker (process ${String(pid)}) ended ${how} before it listened.`;
  return failures < mostFailures ? reason : `${failures} workers in a row could not start. ${reason}`;
}
