import type { Caller } from '../caller/caller.ts';
import { type Arguments, argumentsOf, costOf } from './arguments.ts';
import { bucketKey } from './bucket-key.ts';
import { type OperationCost, selectionKey } from './cost/index.ts';
import type { Limits } from './limits.ts';
import {
  chargesOfEntry,
  type PlanEntry,
  PlanTooLarge,
  type Selection,
  type SelectionPlan,
  type Variables,
} from './plan/index.ts';
import { dependsOnArguments, limitFor, type Policy, wholeOperation } from './policy.ts';
import type { Bucket, Charge, OperationCharges, SelectionCharges } from './store.ts';

/** An operation that asks to be let in. */
export interface Attempt {
  readonly plan: SelectionPlan;
  readonly variables: Variables;
  readonly caller: Caller;
  /** What it costs; undefined where no policy counts that. */
  readonly cost?: OperationCost | undefined;
  /** Whether the answer lies in the cache, so that policies with onCacheHit: FREE ask for nothing. */
  readonly isHit?: boolean;
}

/** Says of one policy on one field, or on `schema`, that it does not count this caller now. */
export type Exempt = (use: { caller: Caller; policy: string; coordinate: string }) => boolean;

export interface ChargingOptions {
  readonly limits: Limits;
  /** The policy that counts denials. */
  readonly meta: Policy | undefined;
  readonly exempt: Exempt | undefined;
}

/** What an operation takes, and which policy stands behind each bucket. */
export interface PolicyCharges extends OperationCharges {
  /** By the index of the bucket. */
  readonly policies: readonly Policy[];
  /** How many selections come before those of the plan's entries: the one that stands for the whole operation. */
  readonly offset: 0 | 1;
}

/** The bucket that a policy counts a caller in; undefined if it does not limit the caller. */
export type BucketOf = (policy: Policy, caller: Caller, args: Arguments) => Bucket | undefined;

export function bucketFor(policy: Policy, caller: Caller, args: Arguments): Bucket | undefined {
  const limit = limitFor(policy, caller);
  if (limit === null) return undefined;
  return {
    key: bucketKey(policy, limit.duration, caller, args),
    strategy: policy.strategy,
    rule: { limit: limit.limit, duration: limit.duration * 1000 },
    ...(policy.count !== 'ATTEMPT' && policy.mode === 'ENFORCE' && { awaitsOutcome: true }),
  };
}

/** A store judges all buckets of an operation in one step, in which nobody else is served. */
const mostBuckets = 500;

const none: readonly Charge[] = [];

/** Makes the charges of one attempt. */
export class Charging {
  readonly #attempt: Attempt;
  readonly #options: ChargingOptions;
  readonly #bucketOf: BucketOf;
  readonly #buckets: Bucket[] = [];
  readonly #policies: Policy[] = [];
  /** The indices of buckets by their keys. */
  readonly #known = new Map<string, number>();
  /** The charges of fields that take the same wherever they stand, by their coordinates. */
  readonly #constant = new Map<string, readonly Charge[]>();

  constructor(attempt: Attempt, options: ChargingOptions, bucketOf: BucketOf) {
    this.#attempt = attempt;
    this.#options = options;
    this.#bucketOf = bucketOf;
  }

  charges(): PolicyCharges {
    const { plan } = this.#attempt;
    const whole = this.#chargesOfWhole();
    const offset = whole === undefined ? 0 : 1;
    const selections: SelectionCharges[] = whole === undefined ? [] : [{ charges: whole }];
    for (const entry of plan.entries) {
      const charges = chargesOfEntry(entry, (selection) => this.#chargesOfSelection(selection));
      const isUncertain = entry.kind === 'choice' || !entry.selection.isCertain;
      selections.push({ charges, under: this.#under(entry, offset), isUncertain });
    }
    // Those that await an outcome have another one beside them.
    const asked = this.#buckets.length + this.#buckets.filter((bucket) => bucket.awaitsOutcome).length;
    if (asked > mostBuckets) {
      throw new PlanTooLarge(
        `The operation counts under ${asked} limits, of ${mostBuckets}. Ask for less at a time.`,
      );
    }
    const { meta } = this.#options;
    return {
      buckets: this.#buckets,
      policies: this.#policies,
      selections,
      offset,
      meta: meta && this.#bucket(meta, {}),
    };
  }

  chargesOfPolicies(policies: readonly Policy[]): PolicyCharges {
    const selections = [{ charges: this.#chargesBy(policies, wholeOperation, {}) }];
    return { buckets: this.#buckets, policies: this.#policies, selections, offset: 1 };
  }

  /** What limits of whole operations take; undefined where there are none, or nothing that they count. */
  #chargesOfWhole(): readonly Charge[] | undefined {
    const { limits } = this.#options;
    const policies = limits.ofOperation;
    if (policies.length === 0) return undefined;
    const counts = this.#attempt.plan.roots.some(({ coordinate, node }) => {
      return !limits.declared.exempt.has(coordinate) && !node.name.value.startsWith('__');
    });
    const charges = counts ? this.#chargesBy(policies, wholeOperation, {}) : none;
    return charges.length === 0 ? undefined : charges;
  }

  /** Root fields lie under the whole operation, unless they are exempt from its limits. */
  #under(entry: PlanEntry, offset: number): number | undefined {
    if (entry.under !== undefined) return entry.under + offset;
    if (offset === 0 || entry.kind === 'choice') return undefined;
    const { place, coordinate } = entry.selection;
    const isExempt = place.includes('.') || this.#options.limits.declared.exempt.has(coordinate);
    return isExempt ? undefined : 0;
  }

  #chargesOfSelection(selection: Selection): readonly Charge[] {
    const { coordinate } = selection;
    const known = this.#constant.get(coordinate);
    if (known !== undefined) return known;
    const policies = this.#options.limits.of(coordinate);
    if (policies.some(dependsOnArguments)) {
      const args = argumentsOf(selection, this.#attempt.variables);
      return this.#chargesBy(policies, coordinate, args, selection);
    }
    const charges = this.#chargesBy(policies, coordinate, {});
    this.#constant.set(coordinate, charges);
    return charges;
  }

  /** @param selection undefined for the whole operation */
  #chargesBy(
    policies: readonly Policy[],
    coordinate: string,
    args: Arguments,
    selection?: Selection,
  ): readonly Charge[] {
    const charges = policies.flatMap((policy) => this.#charge(policy, coordinate, args, selection) ?? []);
    return charges.length === 0 ? none : charges;
  }

  #charge(
    policy: Policy,
    coordinate: string,
    args: Arguments,
    selection: Selection | undefined,
  ): Charge | undefined {
    const { caller, isHit } = this.#attempt;
    const { exempt } = this.#options;
    if (isHit === true && policy.onCacheHit === 'FREE') return undefined;
    if (exempt?.({ caller, policy: policy.name, coordinate }) === true) return undefined;
    const bucket = this.#bucket(policy, args);
    if (bucket === undefined) return undefined;
    const cost =
      policy.unit === 'COST' ? this.#staticCost(selection) : costOf(policy, args, selection?.field.args);
    return { bucket, cost, enforced: policy.mode === 'ENFORCE' };
  }

  /** Whole units, and never nothing: whoever asks takes something. */
  #staticCost(selection: Selection | undefined): number {
    const { cost } = this.#attempt;
    const units =
      selection === undefined
        ? cost?.cost
        : cost?.selections.get(selectionKey(selection.place, selection.coordinate));
    return Math.max(1, Math.ceil(units ?? 1));
  }

  /** The index of the policy's bucket, undefined if the policy does not limit the caller. */
  #bucket(policy: Policy, args: Arguments): number | undefined {
    const bucket = this.#bucketOf(policy, this.#attempt.caller, args);
    if (bucket === undefined) return undefined;
    const known = this.#known.get(bucket.key);
    if (known !== undefined) return known;
    const index = this.#buckets.push(bucket) - 1;
    this.#policies.push(policy);
    this.#known.set(bucket.key, index);
    return index;
  }
}
