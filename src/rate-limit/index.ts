export { compilePolicies } from './compile.ts';
export { limitResolvers } from './directive.ts';
export { createLimiter, type Limiter, type Report } from './limiter.ts';
export type { Policy, PolicyTable } from './policy.ts';
export type { BucketStore } from './store.ts';
export { createMemoryStore } from './stores/memory.ts';
