import type { Policy } from './policy.ts';

/**
 * How full a bucket is after an operation.
 *
 * @example
 * ```ts
 * import type { BucketState, RequestContext } from 'sluice';
 *
 * // What is left to the caller, by the names of the policies.
 * export async function unitsLeft({ rateLimits }: RequestContext): Promise<Map<string, number>> {
 *   const buckets: readonly BucketState[] = await rateLimits();
 *   return new Map(buckets.map(({ policy, remaining }) => [policy.name, remaining]));
 * }
 * ```
 */
export interface BucketState {
  readonly policy: Policy;
  /** The caller's limit in it. */
  readonly limit: number;
  /** Seconds. */
  readonly window: number;
  /** Units that the operation asked for in it. */
  readonly cost: number;
  /** Units left. */
  readonly remaining: number;
  /** When all units are back, in milliseconds since the epoch; null while none is used. */
  readonly resetAt: number | null;
}
