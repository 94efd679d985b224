import type { ExecutionResult, GraphQLResolveInfo } from 'graphql';
import { type BucketState, costsOf } from './bucket-state.ts';
import type { PolicyCharges } from './charging.ts';
import { type Denial, presentDenial, secondsToWait } from './denial.ts';
import { entriesAt, type PlanEntry, type SelectionPlan, selectionsOf } from './plan/index.ts';
import { Rejection, rejectionOf } from './rejection.ts';
import { type Outcome, type Settle, Settling } from './settling.ts';
import type { BucketDenial, Decision } from './store.ts';

/** What a client is told of a denial; undefined: what it is told of any. */
export type Wording = (denial: Denial, coordinate: string | undefined) => string | undefined;

/** What an admission is made of. */
export interface AdmissionOptions {
  readonly plan: SelectionPlan;
  readonly charges: PolicyCharges;
  readonly decision: Decision;
  /** What the operation costs, where that is known. */
  readonly cost?: number | undefined;
  readonly settle: Settle;
  /** Has words of its own for a denial, told at once for each entry that is not below a denied one. */
  readonly wording?: Wording | undefined;
}

const none: readonly never[] = [];

/** The limiter's answer to an operation, as execution and the response read it. */
export class Admission {
  /** Why everything is denied, whatever was asked for. */
  readonly wholeDenial: Denial | undefined;
  readonly isDenied: boolean;
  /** What the operation costs, by `@cost` and `@listSize`; undefined where nobody has worked it out. */
  readonly cost: number | undefined;
  readonly #plan: SelectionPlan;
  readonly #charges: PolicyCharges;
  readonly #decision: Decision;
  readonly #settle: Settle;
  readonly #countsOutcomes: boolean;
  /** The denied entries that execution has asked for. */
  #met: Set<number> | undefined;
  #settling: Settling | undefined;
  #denials: readonly (Denial | undefined)[] | undefined;

  constructor({ plan, charges, decision, cost, settle, wording }: AdmissionOptions) {
    this.#plan = plan;
    this.cost = cost;
    this.#charges = charges;
    this.#decision = decision;
    this.#settle = settle;
    this.#countsOutcomes = charges.policies.some(({ count }) => count !== 'ATTEMPT');
    this.wholeDenial = decision.rejected && this.#denial(decision.rejected, undefined, wording);
    this.isDenied = this.wholeDenial !== undefined || decision.denied.some((why) => why !== undefined);
    if (wording !== undefined) this.#denials = this.#denialsOf(wording);
  }

  /** Why each entry of the plan is denied, by its index; undefined where it is allowed. Empty if nothing is denied. */
  get denials(): readonly (Denial | undefined)[] {
    this.#denials ??= this.#denialsOf(undefined);
    return this.#denials;
  }

  /**
   * The buckets that the operation touched; the one that counts denials only if it refuses everything. None where
   * nobody knows of them.
   */
  get states(): readonly BucketState[] {
    const { rejected, isUnfounded } = this.#decision;
    if (this.#charges.buckets.length === 0 || isUnfounded === true) return none;
    const costs = costsOf(this.#charges.selections);
    const isApart = rejected !== undefined && !costs.some(({ bucket }) => bucket === rejected.bucket);
    return (isApart ? [...costs, rejected] : costs).map(({ bucket, cost }) => this.#state(bucket, cost));
  }

  /** How long to wait until each single thing that was denied can be had, in seconds; undefined if nothing was. */
  get retryAfter(): number | undefined {
    if (!this.isDenied) return undefined;
    let longest = this.wholeDenial && secondsToWait(this.wholeDenial);
    for (const [entry, denial] of this.denials.entries()) {
      const wait = denial && this.#isAsked(entry) ? secondsToWait(denial) : undefined;
      if (wait !== undefined) longest = Math.max(longest ?? 0, wait);
    }
    return longest;
  }

  /** Whether the operation asks for anything limited, for whichever caller. */
  get isLimited(): boolean {
    return this.#plan.entries.length > 0;
  }

  /** Why the operation is rejected before it is executed; undefined if it is not. */
  get rejection(): Rejection | undefined {
    if (this.wholeDenial !== undefined) return new Rejection([presentDenial(this.wholeDenial)]);
    return this.isDenied ? rejectionOf(this.#plan, this.denials) : undefined;
  }

  /** Whether the field being resolved is one that was judged, and not one of another execution. */
  covers(info: GraphQLResolveInfo): boolean {
    return this.#entriesOf(info).length > 0;
  }

  /** Why the field being resolved is denied; undefined if it is allowed. */
  denialOf(info: GraphQLResolveInfo): Denial | undefined {
    if (this.wholeDenial !== undefined || !this.isDenied) return this.wholeDenial;
    const denied = this.#entriesOf(info).find((entry) => this.denials[entry] !== undefined);
    if (denied === undefined) return undefined;
    (this.#met ??= new Set()).add(denied);
    return this.denials[denied];
  }

  /** Notes that the field being resolved will tell its outcome, however late. */
  begin(info: GraphQLResolveInfo): void {
    if (this.#countsOutcomes) this.#settlement.begin(this.#entriesOf(info));
  }

  /** Has the successes of root fields wait for the result: they fail with what is below them. `finish` must follow. */
  awaitResult(): void {
    if (this.#countsOutcomes) this.#settlement.awaitResult();
  }

  /** Gives back what policies do not count, now that the resolver of a field has ended like this. */
  settle(info: GraphQLResolveInfo, outcome: Outcome): void {
    this.#settlement.settle(this.#entriesOf(info), outcome, info.path.prev === undefined);
  }

  /** Settles what no field will tell an outcome of, see `Settling`. */
  finish(isHit: boolean, result?: ExecutionResult): void {
    if (this.#countsOutcomes) this.#settlement.finish(isHit, result);
  }

  /** Gives everything back, because the operation is rejected and nothing of it runs. */
  cancel(): void {
    const hasTaken = this.#decision.denied.includes(undefined);
    if (hasTaken) this.#settlement.cancel();
  }

  /** Made when it is needed: most operations have nothing to settle. */
  get #settlement(): Settling {
    this.#settling ??= new Settling(
      {
        plan: this.#plan,
        charges: this.#charges,
        decision: this.#decision,
        isDenied: (entry) => this.denials[entry] !== undefined,
      },
      this.#settle,
    );
    return this.#settling;
  }

  #isAsked(entry: number): boolean {
    const judged = this.#plan.entries[entry];
    const isCertain = judged?.kind === 'selection' && judged.selection.isCertain;
    return isCertain || this.#met?.has(entry) === true;
  }

  #entriesOf({ path, parentType, fieldName }: GraphQLResolveInfo): readonly number[] {
    return entriesAt(this.#plan, path, `${parentType.name}.${fieldName}`);
  }

  #denialsOf(wording: Wording | undefined): readonly (Denial | undefined)[] {
    if (this.wholeDenial !== undefined || !this.isDenied) return none;
    const { denied } = this.#decision;
    const denials: (Denial | undefined)[] = [];
    for (const [index, entry] of this.#plan.entries.entries()) {
      const why = denied[index + this.#charges.offset];
      const above = entry.under === undefined ? undefined : denials[entry.under];
      denials.push(above ?? (why && this.#denial(why, coordinateOf(entry), wording)));
    }
    return denials;
  }

  #denial(
    { bucket, cost, retryAfter }: BucketDenial,
    coordinate: string | undefined,
    wording: Wording | undefined,
  ): Denial {
    const { isUnfounded } = this.#decision;
    const denial = { ...this.#state(bucket, cost), retryAfter, isUnfounded };
    return wording === undefined || isUnfounded === true
      ? denial
      : { ...denial, message: wording(denial, coordinate) };
  }

  #state(bucket: number, cost: number): BucketState {
    const policy = this.#charges.policies[bucket];
    const rule = this.#charges.buckets[bucket]?.rule;
    const level = this.#decision.levels[bucket];
    if (policy === undefined || rule === undefined || level === undefined) {
      throw new Error('A bucket store must give a level for each bucket.');
    }
    const returned = this.#settling?.returned(bucket) ?? 0;
    const remaining = Math.min(rule.limit, level.remaining + returned);
    const resetAt = returned > 0 && remaining === rule.limit ? null : level.resetAt;
    return { policy, limit: rule.limit, window: rule.duration / 1000, cost, remaining, resetAt };
  }
}

function coordinateOf(entry: PlanEntry): string | undefined {
  return selectionsOf(entry)[0]?.coordinate;
}
