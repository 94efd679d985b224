const pingEveryMs = 20;
/** For how many milliseconds after it was last asked for it is renewed. */
const idleMs = 1000;
/** So many pings may be under way: more do not help where the server takes long. */
const maxUnderWay = 4;

export interface LeaseOptions {
  /** For how many milliseconds it holds from the sending of a ping on, once that was answered. */
  readonly holdsMs: number;
  /** Resolves when everything is known that was published before it was called. */
  readonly ping: () => Promise<void>;
  /** Milliseconds of a clock that nobody turns. */
  readonly now: () => number;
}

/**
 * Proves that nothing can have been invalidated, and be waited for no longer, without this process having been told: it
 * holds for a while from the sending of a ping that was answered. While nobody asks for it, nothing is done for it.
 * (Gray and Cheriton, "Leases", 1989.)
 */
export class Lease {
  readonly #options: LeaseOptions;
  #provenAt = -Infinity;
  #askedAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #underWay = 0;
  /** Tells pings that were sent before it was revoked. */
  #revocations = 0;
  #hasEnded = false;

  constructor(options: LeaseOptions) {
    this.#options = options;
  }

  /** Whether it holds. If not, it may soon: asking renews it. */
  holds(): boolean {
    const now = this.#options.now();
    this.#askedAt = now;
    if (this.#timer === undefined && !this.#hasEnded) this.#start();
    return now - this.#provenAt <= this.#options.holdsMs;
  }

  /** Lets it hold no longer, until a ping is answered that is sent from now on. */
  revoke(): void {
    this.#revocations += 1;
    this.#provenAt = -Infinity;
  }

  end(): void {
    this.#hasEnded = true;
    this.revoke();
    clearInterval(this.#timer);
  }

  #start(): void {
    this.#timer = setInterval(() => {
      this.#renew();
    }, pingEveryMs).unref();
    void this.#ping();
  }

  #renew(): void {
    if (this.#options.now() - this.#askedAt <= idleMs) {
      void this.#ping();
      return;
    }
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #ping(): Promise<void> {
    if (this.#underWay >= maxUnderWay) return;
    const sentAt = this.#options.now();
    const revocations = this.#revocations;
    this.#underWay += 1;
    try {
      await this.#options.ping();
      if (revocations === this.#revocations) this.#provenAt = Math.max(this.#provenAt, sentAt);
    } catch {
      // It holds as long as the last one that was answered says.
    } finally {
      this.#underWay -= 1;
    }
  }
}
