import type { CacheEntityRecord } from '@envelop/response-cache';
import type { ChangePlan } from './change-plan.ts';
import type { Flight } from './flight.ts';
import type { CacheScope } from './hints.ts';

/** An operation that is executed, as the cache sees it. */
export interface CachedExecution {
  /** The answer that it makes; undefined where nobody may keep one. */
  readonly flight: Flight | undefined;
  /** What it changes; undefined: nothing, as far as can be told before. */
  readonly changes: ChangePlan | undefined;
  /** What is found out while it is executed. */
  readonly findings: Findings;
}

/** Finds the execution that a context belongs to; undefined where there is none that the cache has to do with. */
export type ExecutionOf<Context> = (context: Context) => CachedExecution | undefined;

/** What is known of an answer only once it is made. */
export interface Restriction {
  /** Seconds; more than the schema allows changes nothing, 0: it is not kept. */
  readonly maxAge?: number;
  /** PRIVATE: it is not for others, and not kept where the schema has others share it. */
  readonly scope?: CacheScope;
}

/** Notes what is found out of an answer while it is made. */
export class Findings {
  /** The objects in the result. */
  entities: readonly CacheEntityRecord[] = [];
  #restriction: Restriction = {};

  /** What resolvers have said of the answer. */
  get restriction(): Restriction {
    return this.#restriction;
  }

  /** Adds to what has been said of the answer: the stricter counts. */
  restrict({ maxAge, scope }: Restriction): void {
    const { maxAge: before = Infinity, scope: scopeBefore } = this.#restriction;
    // What is no number stands for a time that could not be told.
    const least = Math.max(0, Math.min(before, maxAge ?? Infinity)) || 0;
    const strictest = [scope, scopeBefore].includes('PRIVATE') ? 'PRIVATE' : (scope ?? scopeBefore);
    this.#restriction = {
      ...(least < Infinity && { maxAge: least }),
      ...(strictest !== undefined && { scope: strictest }),
    };
  }
}
