import {
  type Attempt,
  bucketFor,
  type BucketOf,
  Charging,
  type ChargingOptions,
  type PolicyCharges,
} from './charging.ts';
import type { SelectionPlan } from './plan/index.ts';
import { dependsOnArguments, limitFor, type Policy, type PolicyTable } from './policy.ts';
import type { Bucket } from './store.ts';

/** What an attempt takes from which buckets. */
export function chargesOf(attempt: Attempt, options: ChargingOptions): PolicyCharges {
  return chargesBySkeleton(attempt, options) ?? new Charging(attempt, options, bucketFor).charges();
}

/** What one thing takes that these policies limit, and nothing else does. */
export function chargesOfPolicies(
  policies: readonly Policy[],
  attempt: Attempt,
  options: ChargingOptions,
): PolicyCharges {
  return new Charging(attempt, { ...options, meta: undefined }, bucketFor).chargesOfPolicies(policies);
}

/** The charges of a plan for anybody, with buckets that are still nobody's, for as long as these limits are in force. */
interface Skeleton {
  readonly inForce: PolicyTable;
  readonly charges: PolicyCharges;
  /** The same for callers whom some of the policies do not limit, by the indices of those. */
  readonly withoutSome: Map<string, PolicyCharges>;
}

type Skeletons = WeakMap<SelectionPlan, Skeleton>;

/** Of operations that are answered from the cache, for which some policies ask nothing, and of the others. */
const [ofHits, ofOthers]: readonly [Skeletons, Skeletons] = [new WeakMap(), new WeakMap()];

/** Most operations take the same whoever asks, so that only the keys are left to be made; undefined for the others. */
function chargesBySkeleton(attempt: Attempt, options: ChargingOptions): PolicyCharges | undefined {
  const { caller } = attempt;
  if (options.exempt !== undefined) return undefined;
  const skeleton = skeletonOf(attempt, options);
  const buckets: Bucket[] = [];
  let absent = '';
  for (const [index, policy] of skeleton.charges.policies.entries()) {
    if (dependsOnArguments(policy)) return undefined;
    const bucket = bucketFor(policy, caller, {});
    if (bucket === undefined) absent += `${index} `;
    else buckets.push(bucket);
  }
  const charges = absent === '' ? skeleton.charges : without(absent, skeleton, attempt, options);
  const { policies, selections, offset, meta } = charges;
  return { buckets, policies, selections, offset, meta };
}

function without(
  absent: string,
  { withoutSome }: Skeleton,
  attempt: Attempt,
  options: ChargingOptions,
): PolicyCharges {
  const known = withoutSome.get(absent);
  if (known !== undefined) return known;
  const bucketOf: BucketOf = (policy, caller) =>
    limitFor(policy, caller) === null ? undefined : nobodysBucket(policy);
  const charges = new Charging(attempt, options, bucketOf).charges();
  withoutSome.set(absent, charges);
  return charges;
}

function nobodysBucket({ name, strategy }: Policy): Bucket {
  return { key: name, strategy, rule: { limit: 0, duration: 0 } };
}

function skeletonOf(attempt: Attempt, options: ChargingOptions): Skeleton {
  const { inForce } = options.limits;
  const skeletons = attempt.isHit === true ? ofHits : ofOthers;
  const known = skeletons.get(attempt.plan);
  if (known?.inForce === inForce) return known;
  const charges = new Charging(attempt, options, nobodysBucket).charges();
  const skeleton: Skeleton = { inForce, charges, withoutSome: new Map() };
  skeletons.set(attempt.plan, skeleton);
  return skeleton;
}
