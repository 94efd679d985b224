import type { Logger } from 'pino';
import { type Ended, type ForkedWorker, Member } from './member.ts';
import { Restarts } from './restarts.ts';

/** What is left after that is a second more than requests in flight may take: see patienceMs. */
const inTurnMs = 4000;

export interface FleetOptions {
  /** How many workers there are to be. */
  readonly count: number;
  /** Starts one: `cluster.fork`. */
  readonly fork: () => ForkedWorker;
  readonly log: Logger;
  /** How long all workers together may take to end once they have been told to, in milliseconds. */
  readonly patienceMs: number;
  /** Is told once, when all workers listen for the first time, where. */
  readonly onUp: (url: string) => void;
  /** Is told why there is no point in going on: no worker gets as far as listening, or stays there. */
  readonly onBroken: (error: Error) => void;
}

/** The workers of this process, each of which is replaced when it ends, until they are told to. */
export class Fleet {
  readonly #options: FleetOptions;
  readonly #restarts = new Restarts();
  readonly #members = new Set<Member>();
  /** The places that are to be filled after a while. */
  readonly #waiting = new Set<NodeJS.Timeout>();
  #phase: 'starting' | 'serving' | 'ending' = 'starting';

  constructor(options: FleetOptions) {
    this.#options = options;
  }

  start(): void {
    for (let place = 0; place < this.#options.count; place++) this.#fill(place);
  }

  /** Drains all workers, of which none is replaced any more. */
  async end(): Promise<void> {
    const { log, patienceMs } = this.#options;
    this.#replaceNoMore();
    await drain([...this.#members], patienceMs, ({ listens, pid }) => {
      if (listens) log.info({ worker: pid }, 'a worker is told to end');
    });
  }

  /** Ends all workers at once. */
  kill(): void {
    for (const member of this.#members) member.kill();
  }

  #fill(place: number): void {
    if (this.#phase === 'ending') return;
    let worker: ForkedWorker;
    try {
      worker = this.#options.fork();
    } catch (error) {
      // Where memory runs out, for one; the others serve on.
      const reason = error instanceof Error ? error.message : String(error);
      this.#refill(place, { worker: undefined, code: null, signal: null, reason });
      return;
    }
    const member = new Member(worker, {
      onListening: (url) => {
        this.#onListening(member, place, url);
      },
      onEnd: () => {
        this.#onEnd(member, place);
      },
    });
    this.#members.add(member);
  }

  #onListening(member: Member, place: number, url: string): void {
    const { count, log, onUp } = this.#options;
    this.#restarts.listens(place, performance.now());
    log.info({ worker: member.pid, url }, 'a worker listens');
    const isUp = this.#members.size === count && [...this.#members].every(({ listens }) => listens);
    if (this.#phase !== 'starting' || !isUp) return;
    this.#phase = 'serving';
    this.#restarts.served();
    onUp(url);
  }

  #onEnd(member: Member, place: number): void {
    this.#members.delete(member);
    const { listens, ended } = member;
    if (this.#phase !== 'ending') this.#refill(place, ended);
    else if (listens && ended.code !== 0) this.#options.log.error(ended, 'a worker did not end well');
  }

  #refill(place: number, ended: Ended): void {
    const { log } = this.#options;
    const sequel = this.#restarts.ended(place, performance.now());
    switch (sequel.kind) {
      case 'replace':
        log[ended.code === 0 ? 'info' : 'error'](ended, 'a worker ended: another one takes its place');
        this.#fill(place);
        break;
      case 'retry':
        log.warn(
          { ...ended, delayMs: sequel.delayMs },
          'a worker failed to start: another one is tried later',
        );
        this.#fillLater(place, sequel.delayMs);
        break;
      case 'give up':
        this.#giveUp(sequel.failures, ended.reason);
    }
  }

  #fillLater(place: number, delayMs: number): void {
    const timer = setTimeout(() => {
      this.#waiting.delete(timer);
      this.#fill(place);
    }, delayMs);
    this.#waiting.add(timer);
  }

  #giveUp(failures: number, reason: string): void {
    const hasServed = this.#phase === 'serving';
    this.#replaceNoMore();
    const why = `No worker listens any more, and ${failures} starts in a row have failed. The last one: ${reason}`;
    this.#options.onBroken(new Error(hasServed ? why : reason));
  }

  #replaceNoMore(): void {
    this.#phase = 'ending';
    for (const timer of this.#waiting) clearTimeout(timer);
    this.#waiting.clear();
  }
}

/**
 * Tells workers to end, one after the other for four seconds, so that the port is served meanwhile; then tells all
 * that are left. Resolves when all have ended.
 * @param deadlineMs after how many milliseconds those that have not ended are killed
 * @param onTold is called before each is told
 */
async function drain(
  members: readonly Member[],
  deadlineMs: number,
  onTold: (member: Member) => void,
): Promise<void> {
  const { promise: isTime, resolve } = Promise.withResolvers<undefined>();
  const together = setTimeout(resolve, inTurnMs, undefined);
  const deadline = setTimeout(() => {
    for (const member of members) member.kill();
  }, deadlineMs);
  for (const member of members) {
    onTold(member);
    member.tellToEnd();
    await Promise.race([member.gone, isTime]);
  }
  await Promise.all(members.map(({ gone }) => gone));
  clearTimeout(together);
  clearTimeout(deadline);
}
