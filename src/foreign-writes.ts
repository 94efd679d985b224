import type { MaybePromise } from '@whatwg-node/promise-helpers';
import type { AnswerStore } from './response-cache/index.ts';

const doubtfulMs = 5000;

/**
 * Drops everything after another program has written to the database, as nobody knows what. Processes that share their
 * answers drop by themselves what they write: where such drops have been heard of, the write was most likely one of
 * theirs, and everything goes only after a while, in case it was not.
 */
export class ForeignWrites {
  readonly #answers: AnswerStore;
  readonly #isShared: boolean;
  #heardOf = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(answers: AnswerStore, isShared: boolean) {
    this.#answers = answers;
    this.#isShared = isShared;
    this.#heardOf = this.#drops();
  }

  /** To be called whenever somebody else has written. */
  note(): MaybePromise<void> {
    const before = this.#heardOf;
    this.#heardOf = this.#drops();
    if (!this.#isShared || before === this.#heardOf) return this.#dropEverything();
    this.#timer ??= setTimeout(() => void this.#dropEverything(), doubtfulMs).unref();
    return undefined;
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  /** Grows with every drop that this process has heard of. */
  #drops(): number {
    const making = this.#answers.begin();
    making.abandon();
    return making.begun;
  }

  async #dropEverything(): Promise<void> {
    this.end();
    this.#timer = undefined;
    await this.#answers.drop('everything');
    this.#heardOf = this.#drops();
  }
}
