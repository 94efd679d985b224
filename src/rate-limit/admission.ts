import type { ExecutionResult, GraphQLError, GraphQLResolveInfo } from 'graphql';
import type { BucketState } from './bucket-state.ts';
import { deniedError, secondsToWait, type Denial } from './denied.ts';
import type { PolicyCharges } from './charging.ts';
import { placeOf } from './place.ts';
import { selectionsOf } from './plan/unit-charges.ts';
import { unitsAt } from './plan/units.ts';
import type { SelectionPlan, Unit } from './plan/selection-plan.ts';
import type { Policy } from './policy.ts';
import { rejectionOf } from './rejection.ts';
import type { Denied, Taken, Verdict } from './store.ts';

/** How a limited field ended. */
export type Outcome = 'SUCCESS' | 'FAILURE';

/** What a client is told of a denial; undefined: what it is told of any. */
export type Wording = (denial: Denial, coordinate: string | undefined) => string | undefined;

/** Gives units back. */
export type GiveBack = (taken: readonly Taken[], takenAt: number) => void;

const none: readonly undefined[] = [];

/** The limiter's answer to an operation, as execution and the response read it. */
export class Admission {
  /** Why everything is denied, whatever was asked for. */
  readonly refusal: Denial | undefined;
  readonly #plan: SelectionPlan;
  readonly #charges: PolicyCharges;
  readonly #verdict: Verdict;
  /** The units of which the outcome is told. They give back once, however many objects they are resolved for. */
  #settled: Set<number> | undefined;
  /** The denied units that execution has asked for. */
  #met: Set<number> | undefined;
  /** The units whose fields have succeeded as far as their resolvers know. What becomes of them shows in the result. */
  #succeeded: Set<number> | undefined;
  #awaitsResult = false;
  /** The units whose fields have begun to be resolved. Some are still at it when the answer is sent. */
  #begun: Set<number> | undefined;
  /** Units that were given back, by the index of the bucket. */
  #returned: Map<number, number> | undefined;

  #denials: readonly (Denial | undefined)[] | undefined;

  /** @param wording has words of its own for a denial, told at once for each unit that is not below a denied one */
  constructor(plan: SelectionPlan, charges: PolicyCharges, verdict: Verdict, wording?: Wording) {
    this.#plan = plan;
    this.#charges = charges;
    this.#verdict = verdict;
    this.refusal = verdict.refused && this.#denial(verdict.refused, undefined, wording);
    if (wording !== undefined) this.#denials = this.#tellDenials(wording);
  }

  /** Why each unit of the plan is denied, by its index; undefined where it is allowed. Empty if nothing is denied. */
  get denials(): readonly (Denial | undefined)[] {
    this.#denials ??= this.#tellDenials(undefined);
    return this.#denials;
  }

  /** The buckets that the operation touched; the one that counts denials only if it refuses everything. */
  get states(): BucketState[] {
    const costs = new Map<number, number>();
    for (const { charges } of this.#charges.selections) {
      for (const { bucket, cost } of charges) costs.set(bucket, (costs.get(bucket) ?? 0) + cost);
    }
    const { refused } = this.#verdict;
    if (refused !== undefined && !costs.has(refused.bucket)) costs.set(refused.bucket, refused.cost);
    return [...costs].map(([bucket, cost]) => this.#state(bucket, cost));
  }

  /** How long to wait until each single thing that was denied can be had, in seconds; undefined if nothing was. */
  get retryAfter(): number | undefined {
    const asked = this.denials.filter((_, unit) => this.#isAsked(unit));
    const waits = [this.refusal, ...asked].flatMap((denial) => (denial && secondsToWait(denial)) ?? []);
    return waits.length === 0 ? undefined : Math.max(...waits);
  }

  /** Whether the operation asks for anything limited, for whichever caller. */
  get isLimited(): boolean {
    return this.#plan.units.length > 0;
  }

  get isDenied(): boolean {
    return this.refusal !== undefined || this.#verdict.denied.some((why) => why !== undefined);
  }

  /** The errors of an operation that is rejected before it is executed; undefined if it is not. */
  get rejection(): readonly GraphQLError[] | undefined {
    return this.refusal === undefined ? rejectionOf(this.#plan, this.denials) : [deniedError(this.refusal)];
  }

  /** Whether the field being resolved is one that was judged, and not one of another execution. */
  covers(info: GraphQLResolveInfo): boolean {
    return this.#unitsOf(info).length > 0;
  }

  /** Why the field being resolved is denied; undefined if it is allowed. */
  denialOf(info: GraphQLResolveInfo): Denial | undefined {
    if (this.refusal !== undefined) return this.refusal;
    const denied = this.#unitsOf(info).find((unit) => this.denials[unit] !== undefined);
    if (denied === undefined) return undefined;
    (this.#met ??= new Set()).add(denied);
    return this.denials[denied];
  }

  /** Notes that the field being resolved will tell its outcome, however late. */
  begin(info: GraphQLResolveInfo): void {
    for (const unit of this.#unitsOf(info)) (this.#begun ??= new Set()).add(unit);
  }

  /** Has the successes of root fields wait for the result: they fail with what is below them. `finish` must follow. */
  awaitResult(): void {
    this.#awaitsResult = true;
  }

  /** Gives back what policies do not count, now that the resolver of a field has ended like this. */
  settle(info: GraphQLResolveInfo, outcome: Outcome, giveBack: GiveBack): void {
    const isOpen = this.#awaitsResult && outcome === 'SUCCESS' && info.path.prev === undefined;
    for (const unit of this.#unitsOf(info)) {
      if (isOpen) (this.#succeeded ??= new Set()).add(unit);
      else this.#settle(unit, outcome, giveBack);
    }
  }

  /**
   * Settles the units that no field will tell an outcome of: execution never reached them, so that they neither failed
   * nor succeeded, or the answer came from the cache, where everything succeeds.
   * @param result what execution has come to; without it, what succeeded for its resolver has succeeded
   */
  finish(isHit: boolean, giveBack: GiveBack, result?: ExecutionResult): void {
    this.#awaitsResult = false;
    for (const unit of this.#succeeded ?? []) {
      this.#settle(unit, hasFailed(this.#plan.units[unit], result) ? 'FAILURE' : 'SUCCESS', giveBack);
    }
    if (!this.#charges.policies.some(({ count }) => count !== 'ATTEMPT')) return;
    for (const unit of this.#plan.units.keys()) {
      if (isHit) this.#settle(unit, 'SUCCESS', giveBack);
      else if (
        this.#begun?.has(unit) !== true &&
        this.#settled?.has(unit) !== true &&
        this.denials[unit] === undefined
      ) {
        (this.#settled ??= new Set()).add(unit);
        this.#giveBack(unit, ({ count }) => count !== 'ATTEMPT', giveBack);
      }
    }
  }

  /** Gives everything back, because the operation is rejected and nothing of it runs. */
  cancel(giveBack: GiveBack): void {
    const { selections, offset } = this.#charges;
    // Those before the first unit stand for the whole operation, of which nothing runs either.
    for (const index of selections.keys()) {
      if (this.#verdict.denied[index] === undefined) this.#giveBack(index - offset, () => true, giveBack);
    }
    this.#settled = new Set(this.#plan.units.keys());
  }

  #isAsked(unit: number): boolean {
    const judged = this.#plan.units[unit];
    const isCertain = judged?.kind === 'selection' && judged.selection.isCertain;
    return isCertain || this.#met?.has(unit) === true;
  }

  #unitsOf({ path, parentType, fieldName }: GraphQLResolveInfo): readonly number[] {
    return unitsAt(this.#plan, placeOf(path), `${parentType.name}.${fieldName}`);
  }

  #settle(unit: number, outcome: Outcome, giveBack: GiveBack): void {
    if (this.#settled?.has(unit) === true || this.denials[unit] !== undefined) return;
    (this.#settled ??= new Set()).add(unit);
    this.#giveBack(unit, ({ count }) => count !== 'ATTEMPT' && count !== outcome, giveBack);
  }

  #giveBack(unit: number, isUncounted: (policy: Policy) => boolean, giveBack: GiveBack): void {
    // Where everything is refused, nothing was taken.
    if (this.refusal !== undefined) return;
    const { selections, buckets, policies, offset } = this.#charges;
    const index = unit + offset;
    const taken = (selections[index]?.charges ?? []).flatMap(({ bucket: at, cost }) => {
      const [bucket, policy] = [buckets[at], policies[at]];
      if (bucket === undefined || policy === undefined || !isUncounted(policy)) return [];
      const isTaken = !this.#verdict.reported.some(
        ({ selection, bucket: over }) => selection === index && over === at,
      );
      if (!isTaken) return [];
      this.#returned ??= new Map();
      this.#returned.set(at, (this.#returned.get(at) ?? 0) + cost);
      return [{ bucket, cost }];
    });
    if (taken.length > 0) giveBack(taken, this.#verdict.takenAt);
  }

  #tellDenials(wording: Wording | undefined): readonly (Denial | undefined)[] {
    if (this.refusal !== undefined || !this.isDenied) return none;
    const { denied } = this.#verdict;
    const denials: (Denial | undefined)[] = [];
    for (const [index, unit] of this.#plan.units.entries()) {
      const why = denied[index + this.#charges.offset];
      const above = unit.under === undefined ? undefined : denials[unit.under];
      denials.push(above ?? (why && this.#denial(why, coordinateOf(unit), wording)));
    }
    return denials;
  }

  #denial(
    { bucket, cost, retryAfter }: Denied,
    coordinate: string | undefined,
    wording: Wording | undefined,
  ): Denial {
    const denial = { ...this.#state(bucket, cost), retryAfter };
    return wording === undefined ? denial : { ...denial, message: wording(denial, coordinate) };
  }

  #state(bucket: number, cost: number): BucketState {
    const { buckets, policies } = this.#charges;
    const [policy, rule, level] = [policies[bucket], buckets[bucket]?.rule, this.#verdict.levels[bucket]];
    if (policy === undefined || rule === undefined || level === undefined) {
      throw new Error('A bucket store must give a level for each bucket.');
    }
    const returned = this.#returned?.get(bucket) ?? 0;
    const remaining = Math.min(rule.limit, level.remaining + returned);
    const resetAt = returned > 0 && remaining === rule.limit ? null : level.resetAt;
    return { policy, limit: rule.limit, window: rule.duration / 1000, cost, remaining, resetAt };
  }
}

function coordinateOf(unit: Unit): string | undefined {
  return selectionsOf(unit)[0]?.coordinate;
}

/** Whether a root field is null because of an error, of its own or of something below it. */
function hasFailed(unit: Unit | undefined, { data, errors = [] }: ExecutionResult = {}): boolean {
  const key = unit === undefined ? undefined : selectionsOf(unit)[0]?.place;
  if (key === undefined || data?.[key] != null) return false;
  return errors.some(({ path }) => path?.[0] === key);
}
