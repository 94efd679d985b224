import type { Logger } from 'pino';
import type { Breaker } from '../../../connections/breaker.ts';
import { Backlog } from '../backlog.ts';
import type { Invalidated } from '../shared-answers.ts';

const retryEveryMs = 1000;

export interface RecoveryOptions {
  /** That of the server, which others rely on as well: nothing here opens it or keeps it open. */
  readonly breaker: Breaker;
  /** Invalidates what is left to invalidate, or nothing. @returns the number of the invalidation */
  readonly invalidate: (invalidated: Invalidated) => Promise<number>;
  /** Is told the number of the invalidation before which nothing is to be relied on, before anything is given again. */
  readonly onRecovered: (floor: number) => void;
  /** The server, as the log names it. */
  readonly name: string;
  readonly log: Logger;
}

/**
 * Makes up for what was missed: invalidations that could not be done, of this process, and while the breaker was open,
 * of others too, which have not done theirs yet. Until that has worked, this process is behind, and nothing may be
 * given. It is tried when the breaker has closed, and every second.
 */
export class Recovery {
  readonly #options: RecoveryOptions;
  readonly #backlog = new Backlog();
  /** What is being invalidated just now. */
  #underWay: Invalidated | undefined;
  #isBehind = false;
  #timer: NodeJS.Timeout | undefined;
  /** How often the breaker was about to close: what was begun before that makes up for nothing. */
  #outages = 0;
  #isTold = false;
  #hasEnded = false;

  constructor(options: RecoveryOptions) {
    this.#options = options;
    options.breaker.beforeClosing(() => {
      this.#outages += 1;
      this.#isBehind = true;
      // Only when it has closed, so that nobody else has to wait for this.
      this.#schedule(0);
    });
  }

  /** Whether something is still to be made up for. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  /** Notes an invalidation that is not known to be done. */
  add(invalidated: Invalidated): void {
    this.#backlog.add(invalidated);
    this.#isBehind = true;
    if (this.#hasEnded) this.#backlog.tell(this.#options);
    else if (this.#timer === undefined) this.#schedule(0);
  }

  /** Says what is left to invalidate, if anything is, and tries no more. */
  end(): void {
    this.#hasEnded = true;
    clearTimeout(this.#timer);
    if (this.#underWay !== undefined) this.#backlog.add(this.#underWay);
    this.#backlog.tell(this.#options);
  }

  #schedule(ms: number): void {
    if (this.#hasEnded || this.#underWay !== undefined) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#try(), ms).unref();
  }

  async #try(): Promise<void> {
    const { breaker, invalidate } = this.#options;
    const [outages, wasOpen] = [this.#outages, breaker.isOpen];
    const invalidated = this.#backlog.take();
    this.#timer = undefined;
    this.#underWay = invalidated;
    try {
      const floor = await invalidate(invalidated);
      this.#underWay = undefined;
      if (outages === this.#outages && this.#backlog.isEmpty) this.#succeed(floor);
      else this.#schedule(0);
    } catch (error) {
      this.#underWay = undefined;
      // The end has told of it.
      if (this.#hasEnded) return;
      this.#backlog.add(invalidated);
      // That the server does not work at all has been told by the breaker.
      if (!wasOpen && !breaker.isOpen) this.#tell(error);
      this.#schedule(outages === this.#outages ? retryEveryMs : 0);
    }
  }

  #succeed(floor: number): void {
    if (this.#hasEnded) return;
    const { onRecovered, name, log } = this.#options;
    onRecovered(floor);
    this.#isBehind = false;
    if (this.#isTold) log.info({ store: name }, 'answers in Redis can be used again');
    this.#isTold = false;
  }

  #tell(error: unknown): void {
    if (this.#isTold) return;
    this.#isTold = true;
    const { name, log } = this.#options;
    const reason = error instanceof Error ? error.message : String(error);
    log.warn({ store: name }, `answers in Redis cannot be used: ${reason}`);
  }
}
