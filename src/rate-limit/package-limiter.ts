import { RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { Judgement } from './selections.ts';
import type { Denial, Verdict } from './verdict.ts';

/** A denial in the class that graphql-rate-limit-directive expects. */
export class Denied extends RateLimiterRes {
  readonly denial: Denial;

  constructor(denial: Denial) {
    super(denial.remaining, denial.retryAfter);
    this.denial = denial;
  }
}

interface Attempt {
  readonly admit: () => Verdict;
  readonly judgement: Judgement;
}

/**
 * The kind of limiter that graphql-rate-limit-directive makes one of for each pair of limit and duration, on top of
 * our one limiter. The package hands over strings only, so an attempt waits here under a number for the moment between
 * the package's calls of `keyGenerator` and `consume`.
 */
export class PackageLimiter {
  readonly #waiting = new Map<string, Attempt>();
  #next = 0;

  keyFor(attempt: Attempt): string {
    const key = String(this.#next++);
    this.#waiting.set(key, attempt);
    return key;
  }

  get limiterClass(): typeof RateLimiterAbstract {
    const consume = (key: string): Promise<RateLimiterRes> => this.#consume(key);
    class Adapter {
      readonly consume = consume;
    }
    // The package constructs it and calls `consume`; it uses nothing else of the class that its types ask for.
    return Adapter as unknown as typeof RateLimiterAbstract;
  }

  // The package takes a rejection that is not an Error for a denial, and an Error for a failure.
  async #consume(key: string): Promise<RateLimiterRes> {
    const attempt = this.#waiting.get(key);
    if (attempt === undefined) throw new Error(`No attempt waits under the key "${key}".`);
    this.#waiting.delete(key);
    try {
      attempt.judgement.resolve(attempt.admit());
    } catch (error) {
      attempt.judgement.reject(error);
    }
    const verdict = await attempt.judgement.promise;
    // eslint-disable-next-line @typescript-eslint/only-throw-error
    if (!verdict.allowed) throw new Denied(verdict.denial);
    return new RateLimiterRes();
  }
}
