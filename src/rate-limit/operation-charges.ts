import {
  type Attempt,
  bucketFor,
  type BucketOf,
  Charging,
  type ChargingOptions,
  type PolicyCharges,
} from './charging.ts';
import type { SelectionPlan } from './plan/index.ts';
import { dependsOnArguments, type Policy, type PolicyTable } from './policy.ts';
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
}

const skeletons = new WeakMap<SelectionPlan, Skeleton>();

/** Most operations take the same whoever asks, so that only the keys are left to be made; undefined for the others. */
function chargesBySkeleton(attempt: Attempt, options: ChargingOptions): PolicyCharges | undefined {
  const { caller, isHit } = attempt;
  if (isHit === true || options.exempt !== undefined) return undefined;
  const { charges } = skeletonOf(attempt, options);
  const buckets: Bucket[] = [];
  for (const policy of charges.policies) {
    const bucket = dependsOnArguments(policy) ? undefined : bucketFor(policy, caller, {});
    if (bucket === undefined) return undefined;
    buckets.push(bucket);
  }
  const { policies, selections, offset, meta } = charges;
  return { buckets, policies, selections, offset, meta };
}

function skeletonOf(attempt: Attempt, options: ChargingOptions): Skeleton {
  const { inForce } = options.limits;
  const known = skeletons.get(attempt.plan);
  if (known?.inForce === inForce) return known;
  const bucketOf: BucketOf = ({ name, strategy }) => ({
    key: name,
    strategy,
    rule: { limit: 0, duration: 0 },
  });
  const skeleton = { inForce, charges: new Charging(attempt, options, bucketOf).charges() };
  skeletons.set(attempt.plan, skeleton);
  return skeleton;
}
