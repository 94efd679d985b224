import { isPromise, type MaybePromise } from '@whatwg-node/promise-helpers';
import type { Logger } from 'pino';
import { within } from './within.ts';

const probeEveryMs = 200;
const recoveryMs = 1000;
const mostTold = 100;

/** A call that somebody waits for. */
export interface Call {
  /** Whether nobody waits any more: nothing may be begun for it from now on. */
  isGivenUp: boolean;
}

/**
 * A store that cannot be asked, refuses, or has not answered in time. Nobody knows whether it has done what it was asked
 * to. The breaker has told of it.
 */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

export interface BreakerOptions {
  /** What is guarded, as the log names it: without passwords. */
  readonly name: string;
  /** How long an answer may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Does something that succeeds only if everything else would, as soon as that has to. */
  readonly probe: () => MaybePromise<unknown>;
  /** Whether an error says that the store as a whole does not work; by default each does. */
  readonly isOutage?: (error: unknown) => boolean;
  readonly log: Logger;
}

/**
 * Keeps callers from waiting for a store that does not work: the first failure opens it, from then on nobody asks, and
 * a probe in the background closes it again. The log has one line when it opens and one when it closes. (The circuit
 * breaker of Nygard's "Release It!", 2007.)
 */
export class Breaker {
  readonly #options: BreakerOptions;
  readonly #recoveries: (() => MaybePromise<unknown>)[] = [];
  #openSince: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #hasEnded = false;
  /** How often it has been found not to work. */
  #failures = 0;
  /** The errors that say nothing of the store as a whole, each of which the log has once. */
  readonly #told = new Set<string>();

  constructor(options: BreakerOptions) {
    this.#options = options;
  }

  /** Whether nobody is to ask. */
  get isOpen(): boolean {
    return this.#openSince !== undefined;
  }

  /** Adds what has to succeed, besides the probe, before it closes again: catching up on what was missed. */
  beforeClosing(recover: () => MaybePromise<unknown>): void {
    this.#recoveries.push(recover);
  }

  /**
   * Asks the store, unless it is open.
   * @throws StoreUnavailable at once if it is open, after the timeout, and where the action fails
   */
  guard<Value>(action: (call: Call) => MaybePromise<Value>): MaybePromise<Value> {
    if (this.isOpen) throw new StoreUnavailable(`${this.#options.name} does not work.`);
    const failures = this.#failures;
    const call: Call = { isGivenUp: false };
    let value: MaybePromise<Value>;
    try {
      value = action(call);
    } catch (error) {
      throw this.#noted(error, failures);
    }
    if (!isPromise(value)) return value;
    return within(value, this.#options.timeoutMs, () => {
      call.isGivenUp = true;
      return this.#late();
    }).catch((error: unknown) => {
      throw this.#noted(error, failures);
    });
  }

  /** Opens it. */
  trip(reason: unknown): void {
    this.#failures += 1;
    if (this.isOpen || this.#hasEnded) return;
    this.#openSince = performance.now();
    const { name, log } = this.#options;
    log.error({ store: name, reason: messageOf(reason) }, 'a store does not work: going on without it');
    this.#schedule();
  }

  /** Ends the probing. */
  end(): void {
    this.#hasEnded = true;
    clearTimeout(this.#timer);
  }

  /** @param failures how many there had been when what failed was begun: what has been mended since says nothing */
  #noted(error: unknown, failures: number): StoreUnavailable {
    const { isOutage, name, log } = this.#options;
    if (isOutage?.(error) ?? true) {
      if (failures === this.#failures) this.trip(error);
    } else if (!this.#told.has(messageOf(error)) && this.#told.size < mostTold) {
      this.#told.add(messageOf(error));
      log.error({ store: name, reason: messageOf(error) }, 'a store refuses something; told once');
    }
    return error instanceof StoreUnavailable
      ? error
      : new StoreUnavailable(messageOf(error), { cause: error });
  }

  #late(): StoreUnavailable {
    return new StoreUnavailable(`No answer within ${this.#options.timeoutMs} ms.`);
  }

  #schedule(): void {
    if (this.#hasEnded) return;
    this.#timer = setTimeout(() => void this.#probe(), probeEveryMs).unref();
  }

  async #probe(): Promise<void> {
    const { probe, name, log, timeoutMs } = this.#options;
    const failures = this.#failures;
    try {
      await within(begun(probe), timeoutMs, () => this.#late());
      for (const step of this.#recoveries) await within(begun(step), recoveryMs, () => this.#late());
    } catch (error) {
      log.debug({ store: name, reason: messageOf(error) }, 'a store still does not work');
      this.#schedule();
      return;
    }
    if (failures !== this.#failures) {
      this.#schedule();
      return;
    }
    const seconds = (performance.now() - (this.#openSince ?? 0)) / 1000;
    this.#openSince = undefined;
    if (!this.#hasEnded)
      log.info({ store: name, seconds: Number(seconds.toFixed(3)) }, 'a store works again');
  }
}

async function begun(step: () => MaybePromise<unknown>): Promise<void> {
  await step();
}

function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
