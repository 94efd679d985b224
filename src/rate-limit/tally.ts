import type { Bucket, Charge } from './store.ts';
import type { Level, State, Take } from './strategies/index.ts';
import { strategyOf } from './strategies/index.ts';

/** The states of an operation's buckets, in their order. */
export type States = readonly (State | undefined)[];

/**
 * The buckets of one operation while it is judged. Units are only counted until all is decided; the strategies are
 * asked once a bucket what it has left and told once what was taken, however many selections take from it.
 */
export class Tally {
  readonly states: (State | undefined)[];
  readonly #buckets: readonly Bucket[];
  readonly #now: number;
  readonly #levels: Level[] = [];
  readonly #remaining: number[] = [];
  /** The buckets that something did not fit, by their indices. */
  #short: Set<number> | undefined;

  constructor(buckets: readonly Bucket[], states: States, now: number) {
    this.#buckets = buckets;
    this.states = states.slice();
    this.#now = now;
    for (const [index, bucket] of buckets.entries()) {
      const level = this.#levelOf(bucket, index);
      this.#levels.push(level);
      this.#remaining.push(level.remaining);
    }
  }

  fits({ bucket, cost }: Charge): boolean {
    const isFitting = cost <= this.remaining(bucket);
    if (!isFitting) (this.#short ??= new Set()).add(bucket);
    return isFitting;
  }

  /** Takes units, which must fit. */
  take(bucket: number, units: number): void {
    this.#remaining[bucket] = this.remaining(bucket) - units;
  }

  remaining(bucket: number): number {
    const remaining = this.#remaining[bucket];
    if (remaining === undefined)
      throw new Error(`A charge names bucket ${bucket} of ${this.#buckets.length}; name one of them.`);
    return remaining;
  }

  /** Brings the states up to what was taken. */
  settle(): void {
    for (const [index, bucket] of this.#buckets.entries()) {
      const remaining = this.remaining(index);
      const taken = (this.#levels[index]?.remaining ?? remaining) - remaining;
      if (taken === 0 && this.#short?.has(index) !== true) continue;
      // An attempt that fails places the units of a full bucket anew if the clock has jumped back. If that were
      // forgotten, the bucket would stay full until the clock is where it was.
      const units = taken > 0 ? taken : remaining + 1;
      const { state } = this.#attempt(bucket, index, units);
      if (state === this.states[index]) continue;
      this.states[index] = state;
      this.#levels[index] = this.#levelOf(bucket, index);
    }
  }

  /** Milliseconds until the units fit, by the states; 0 if they do now. */
  wait({ bucket: index, cost }: Charge): number {
    const bucket = this.#buckets[index];
    return bucket === undefined ? 0 : this.#attempt(bucket, index, cost).retryAfter;
  }

  /** How full the buckets are, by the states. */
  get levels(): readonly Level[] {
    return this.#levels;
  }

  #levelOf({ strategy, rule }: Bucket, index: number): Level {
    return strategyOf(strategy).level(this.states[index], rule, this.#now);
  }

  #attempt({ strategy, rule }: Bucket, index: number, units: number): Take {
    return strategyOf(strategy).take(this.states[index], rule, units, this.#now);
  }
}
