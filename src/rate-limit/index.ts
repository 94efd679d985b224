export { Admission } from './admission.ts';
export type { BucketState } from './bucket-state.ts';
export { compilePolicies, type DeclaredLimits } from './compile.ts';
export { limitResolvers } from './directive.ts';
export { exposedFields, limitExtension, limitFields, type HeaderField, type HeaderStyle } from './headers.ts';
export {
  createLimiter,
  type DeniedUse,
  type Limiter,
  type LimiterMode,
  type LimiterOptions,
  type OnDenied,
  type Report,
} from './limiter.ts';
export { Limits, type Overrides } from './limits.ts';
export type { Exempt } from './charging.ts';
export { PlanTooLarge, type OperationPlan, type Planner } from './plan/index.ts';
export type { Policy, PolicyTable } from './policy.ts';
export type { BucketStore } from './store.ts';
export { createGuardedStore } from './stores/guarded.ts';
export { createMemcachedStore } from './stores/memcached.ts';
export { createMemoryStore } from './stores/memory.ts';
export { createRedisBuckets } from './stores/redis-buckets.ts';
export { openSqliteStore } from './stores/sqlite.ts';
export { warnOfLimits } from './warnings.ts';
