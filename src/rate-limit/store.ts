import type { Charge } from './charge.ts';
import type { Level } from './strategies/strategy.ts';
import type { Verdict } from './verdict.ts';

/** Where buckets live. All members of the family pass tests/rate-limit/store.contract.ts. */
export interface BucketStore {
  /**
   * Judges selections in order, in one step that nothing comes between. A selection takes from all of its buckets or
   * from none, and sees what the selections before it took.
   */
  charge(selections: readonly (readonly Charge[])[]): Verdict[];
  /** Gives back what a selection took. */
  giveBack(taken: readonly Charge[], takenAt: number): void;
  /** Reads a bucket without taking from it. */
  level(charge: Charge): Level;
}
