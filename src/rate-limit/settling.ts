import type { ExecutionResult } from 'graphql';
import type { PolicyCharges } from './charging.ts';
import type { Settled } from './holds/index.ts';
import { type PlanEntry, type SelectionPlan, selectionsOf } from './plan/index.ts';
import type { Policy } from './policy.ts';
import type { Decision } from './store.ts';

/** How a limited field ended. */
export type Outcome = 'SUCCESS' | 'FAILURE';

/** Is told what becomes of units that were taken at a time. */
export type Settle = (settled: readonly Settled[], takenAt: number) => void;

/** What was taken for an operation. */
export interface Held {
  readonly plan: SelectionPlan;
  readonly charges: PolicyCharges;
  readonly decision: Decision;
  /** Whether an entry of the plan, by its index, is denied. */
  readonly isDenied: (entry: number) => boolean;
}

/** Knows what has become of the entries of an operation, and gives back what their policies do not count of that. */
export class Settling {
  readonly #held: Held;
  readonly #settle: Settle;
  /** The entries of which the outcome is told. They give back once, however many objects they are resolved for. */
  readonly #settled = new Set<number>();
  /** The entries whose fields have succeeded as far as their resolvers know. What becomes of them shows in the result. */
  readonly #succeeded = new Set<number>();
  /** The entries whose fields have begun to be resolved. Some are still at it when the answer is sent. */
  readonly #begun = new Set<number>();
  /** Units that were given back, by the index of the bucket. */
  readonly #returned = new Map<number, number>();
  #awaitsResult = false;

  constructor(held: Held, settle: Settle) {
    this.#held = held;
    this.#settle = settle;
  }

  /** How many units a bucket, by its index, has been given back. */
  returned(bucket: number): number {
    return this.#returned.get(bucket) ?? 0;
  }

  /** Notes that the field of these entries will tell its outcome, however late. */
  begin(entries: readonly number[]): void {
    for (const entry of entries) this.#begun.add(entry);
  }

  /** Has the successes of root fields wait for the result: they fail with what is below them. `finish` must follow. */
  awaitResult(): void {
    this.#awaitsResult = true;
  }

  /** Gives back what policies do not count, now that the resolver of a field has ended like this. */
  settle(entries: readonly number[], outcome: Outcome, isRoot: boolean): void {
    const isOpen = this.#awaitsResult && outcome === 'SUCCESS' && isRoot;
    if (isOpen) for (const entry of entries) this.#succeeded.add(entry);
    else this.#tell(entries.flatMap((entry) => this.#outcome(entry, outcome)));
  }

  /**
   * Settles the entries that no field will tell an outcome of: execution never reached them, so that they neither failed
   * nor succeeded, or the answer came from the cache, where everything succeeds.
   * @param result what execution has come to; without it, what succeeded for its resolver has succeeded
   */
  finish(isHit: boolean, result?: ExecutionResult): void {
    const { plan } = this.#held;
    this.#awaitsResult = false;
    const settled: Settled[] = [];
    for (const entry of this.#succeeded) {
      settled.push(...this.#outcome(entry, hasFailed(plan.entries[entry], result) ? 'FAILURE' : 'SUCCESS'));
    }
    for (const entry of plan.entries.keys()) {
      if (isHit) settled.push(...this.#outcome(entry, 'SUCCESS'));
      else if (!this.#begun.has(entry)) settled.push(...this.#end(entry, ({ count }) => count !== 'ATTEMPT'));
    }
    this.#tell(settled);
  }

  /** Gives everything back, because the operation is rejected and nothing of it runs. */
  cancel(): void {
    const { plan, charges, decision } = this.#held;
    // Those before the first entry stand for the whole operation, of which nothing runs either.
    const taken = [...charges.selections.keys()].flatMap((index) =>
      decision.denied[index] === undefined ? this.#taken(index - charges.offset, () => true) : [],
    );
    for (const entry of plan.entries.keys()) this.#settled.add(entry);
    this.#tell(taken);
  }

  /** What becomes of what was taken for an entry, now that it has ended like this. */
  #outcome(entry: number, outcome: Outcome): Settled[] {
    return this.#end(entry, ({ count }) => count !== 'ATTEMPT' && count !== outcome);
  }

  #end(entry: number, isUncounted: (policy: Policy) => boolean): Settled[] {
    if (this.#settled.has(entry) || this.#held.isDenied(entry)) return [];
    this.#settled.add(entry);
    return this.#taken(entry, isUncounted);
  }

  #taken(entry: number, isUncounted: (policy: Policy) => boolean): Settled[] {
    const { charges, decision } = this.#held;
    // Where everything is rejected, or nobody was asked, nothing was taken.
    if (decision.rejected !== undefined || decision.isUnfounded === true) return [];
    const { selections, buckets, policies, offset } = charges;
    const index = entry + offset;
    return (selections[index]?.charges ?? []).flatMap(({ bucket: at, cost }) => {
      const [bucket, policy] = [buckets[at], policies[at]];
      if (bucket === undefined || policy === undefined) return [];
      const isCounted = !isUncounted(policy);
      if (isCounted && bucket.awaitsOutcome !== true) return [];
      const isOver = decision.reported.some(
        ({ selection, bucket: over }) => selection === index && over === at,
      );
      if (isOver) return [];
      if (!isCounted) this.#returned.set(at, this.returned(at) + cost);
      return [{ bucket, cost, isCounted }];
    });
  }

  /** Tells of all at once: a store on the network is then asked once. */
  #tell(settled: readonly Settled[]): void {
    if (settled.length > 0) this.#settle(settled, this.#held.decision.takenAt);
  }
}

/** Whether a root field is null because of an error, of its own or of something below it. */
function hasFailed(entry: PlanEntry | undefined, { data, errors = [] }: ExecutionResult = {}): boolean {
  const key = entry === undefined ? undefined : selectionsOf(entry)[0]?.place;
  if (key === undefined || data?.[key] != null) return false;
  return errors.some(({ path }) => path?.[0] === key);
}
