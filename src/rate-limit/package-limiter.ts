import type { MaybePromise } from '@whatwg-node/promise-helpers';
import { type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import type { Denial } from './denial.ts';

/** A denial in the class that graphql-rate-limit-directive expects. */
export class PackageDenial extends RateLimiterRes {
  readonly denial: Denial;

  constructor(denial: Denial) {
    super(denial.remaining, denial.retryAfter);
    this.denial = denial;
  }
}

/** Says why a selection is denied; undefined if it is not. */
type Judge = () => MaybePromise<Denial | undefined>;

/**
 * The kind of limiter that graphql-rate-limit-directive makes one of for each pair of limit and duration, on top of
 * our one limiter. The package hands over strings only, so what there is to judge waits here under a number for the
 * moment between the package's calls of `keyGenerator` and `consume`.
 */
export class PackageLimiter {
  readonly #waiting = new Map<string, Judge>();
  #next = 0;

  keyFor(judge: Judge): string {
    const key = String(this.#next++);
    this.#waiting.set(key, judge);
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
    const judge = this.#waiting.get(key);
    if (judge === undefined) throw new Error(`Nothing waits under the key "${key}".`);
    this.#waiting.delete(key);
    const denial = await judge();
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- see above
    if (denial !== undefined) throw new PackageDenial(denial);
    return new RateLimiterRes();
  }
}
