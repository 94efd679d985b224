import type { ExecutionResult } from 'graphql';
import type { PolicyCharges } from './charging.ts';
import type { SelectionPlan, Unit } from './plan/selection-plan.ts';
import { selectionsOf } from './plan/unit-charges.ts';
import type { Policy } from './policy.ts';
import type { Decision, Taken } from './store.ts';

/** How a limited field ended. */
export type Outcome = 'SUCCESS' | 'FAILURE';

/** Gives units back. */
export type GiveBack = (taken: readonly Taken[], takenAt: number) => void;

/** What was taken for an operation. */
export interface Held {
  readonly plan: SelectionPlan;
  readonly charges: PolicyCharges;
  readonly decision: Decision;
  /** Whether a unit of the plan, by its index, is denied. */
  readonly isDenied: (unit: number) => boolean;
}

/** Knows what has become of the units of an operation, and gives back what their policies do not count of that. */
export class Settling {
  readonly #held: Held;
  readonly #giveBack: GiveBack;
  /** The units of which the outcome is told. They give back once, however many objects they are resolved for. */
  readonly #settled = new Set<number>();
  /** The units whose fields have succeeded as far as their resolvers know. What becomes of them shows in the result. */
  readonly #succeeded = new Set<number>();
  /** The units whose fields have begun to be resolved. Some are still at it when the answer is sent. */
  readonly #begun = new Set<number>();
  /** Units that were given back, by the index of the bucket. */
  readonly #returned = new Map<number, number>();
  #awaitsResult = false;

  constructor(held: Held, giveBack: GiveBack) {
    this.#held = held;
    this.#giveBack = giveBack;
  }

  /** How many units a bucket, by its index, has been given back. */
  returned(bucket: number): number {
    return this.#returned.get(bucket) ?? 0;
  }

  /** Notes that the field of these units will tell its outcome, however late. */
  begin(units: readonly number[]): void {
    for (const unit of units) this.#begun.add(unit);
  }

  /** Has the successes of root fields wait for the result: they fail with what is below them. `finish` must follow. */
  awaitResult(): void {
    this.#awaitsResult = true;
  }

  /** Gives back what policies do not count, now that the resolver of a field has ended like this. */
  settle(units: readonly number[], outcome: Outcome, isRoot: boolean): void {
    const isOpen = this.#awaitsResult && outcome === 'SUCCESS' && isRoot;
    if (isOpen) for (const unit of units) this.#succeeded.add(unit);
    else this.#return(units.flatMap((unit) => this.#outcome(unit, outcome)));
  }

  /**
   * Settles the units that no field will tell an outcome of: execution never reached them, so that they neither failed
   * nor succeeded, or the answer came from the cache, where everything succeeds.
   * @param result what execution has come to; without it, what succeeded for its resolver has succeeded
   */
  finish(isHit: boolean, result?: ExecutionResult): void {
    const { plan } = this.#held;
    this.#awaitsResult = false;
    const uncounted: Taken[] = [];
    for (const unit of this.#succeeded) {
      uncounted.push(...this.#outcome(unit, hasFailed(plan.units[unit], result) ? 'FAILURE' : 'SUCCESS'));
    }
    for (const unit of plan.units.keys()) {
      if (isHit) uncounted.push(...this.#outcome(unit, 'SUCCESS'));
      else if (!this.#begun.has(unit)) uncounted.push(...this.#end(unit, ({ count }) => count !== 'ATTEMPT'));
    }
    this.#return(uncounted);
  }

  /** Gives everything back, because the operation is rejected and nothing of it runs. */
  cancel(): void {
    const { plan, charges, decision } = this.#held;
    // Those before the first unit stand for the whole operation, of which nothing runs either.
    const taken = [...charges.selections.keys()].flatMap((index) =>
      decision.denied[index] === undefined ? this.#taken(index - charges.offset, () => true) : [],
    );
    for (const unit of plan.units.keys()) this.#settled.add(unit);
    this.#return(taken);
  }

  /** What policies do not count of a unit, now that it has ended like this. */
  #outcome(unit: number, outcome: Outcome): Taken[] {
    return this.#end(unit, ({ count }) => count !== 'ATTEMPT' && count !== outcome);
  }

  #end(unit: number, isUncounted: (policy: Policy) => boolean): Taken[] {
    if (this.#settled.has(unit) || this.#held.isDenied(unit)) return [];
    this.#settled.add(unit);
    return this.#taken(unit, isUncounted);
  }

  #taken(unit: number, isUncounted: (policy: Policy) => boolean): Taken[] {
    const { charges, decision } = this.#held;
    // Where everything is refused, or nobody was asked, nothing was taken.
    if (decision.refused !== undefined || decision.isUnfounded === true) return [];
    const { selections, buckets, policies, offset } = charges;
    const index = unit + offset;
    return (selections[index]?.charges ?? []).flatMap(({ bucket: at, cost }) => {
      const [bucket, policy] = [buckets[at], policies[at]];
      if (bucket === undefined || policy === undefined || !isUncounted(policy)) return [];
      const isOver = decision.reported.some(
        ({ selection, bucket: over }) => selection === index && over === at,
      );
      if (isOver) return [];
      this.#returned.set(at, this.returned(at) + cost);
      return [{ bucket, cost }];
    });
  }

  /** Gives back all at once: a store on the network is then asked once. */
  #return(taken: readonly Taken[]): void {
    if (taken.length > 0) this.#giveBack(taken, this.#held.decision.takenAt);
  }
}

/** Whether a root field is null because of an error, of its own or of something below it. */
function hasFailed(unit: Unit | undefined, { data, errors = [] }: ExecutionResult = {}): boolean {
  const key = unit === undefined ? undefined : selectionsOf(unit)[0]?.place;
  if (key === undefined || data?.[key] != null) return false;
  return errors.some(({ path }) => path?.[0] === key);
}
