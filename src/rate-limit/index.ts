export { Admission } from './admission.ts';
export type { BucketState } from './bucket-state.ts';
export type { Exempt } from './charging.ts';
export { compilePolicies } from './compile-policies.ts';
export { checkCost, type CostOf, type CostPlanner, type OperationCost, SizeNotGiven } from './cost/index.ts';
export { costExtension } from './cost-extension.ts';
export {
  exposedFields,
  type HeaderField,
  type HeaderStyle,
  limitExtension,
  limitFields,
} from './limit-fields.ts';
export { limitResolvers } from './limit-resolvers.ts';
export {
  createLimiter,
  type DenialEvent,
  type Limiter,
  type LimiterOptions,
  type OnDenied,
} from './limiter.ts';
export { Limits } from './limits.ts';
export { type OperationPlan, type Planner, PlanTooLarge } from './plan/index.ts';
export type { Policy, PolicyTable } from './policy.ts';
export { Rejection } from './rejection.ts';
export type { BucketStore } from './store.ts';
export { createGuardedStore } from './stores/guarded.ts';
export { createMemcachedStore } from './stores/memcached/index.ts';
export { createMemoryStore } from './stores/memory/index.ts';
export { createRedisBuckets } from './stores/redis/index.ts';
export { openSqliteStore } from './stores/sqlite/index.ts';
export { warnOfLimits } from './warnings.ts';
