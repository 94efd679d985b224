import type { Caller } from '../caller/caller.ts';

export type LimitKey = 'USER' | 'API_KEY' | 'IP' | 'GLOBAL';
export type StrategyName = 'FIXED_WINDOW' | 'SLIDING_WINDOW' | 'SLIDING_LOG' | 'TOKEN_BUCKET';

/** The way from a field's arguments to one value in them: `input.email` is `['input', 'email']`. */
export type ArgumentPath = readonly string[];

/** So many units in a window. */
export interface WindowLimit {
  readonly limit: number;
  /** Seconds. */
  readonly duration: number;
}

/** The limit of callers who carry a tier; a `limit` of null is unlimited, 0 is never. */
export interface TierLimit {
  readonly tier: string;
  readonly limit: number | null;
  /** Seconds. */
  readonly duration: number;
}

/**
 * One compiled `@rateLimit`.
 *
 * @example
 * ```ts
 * import type { Policy } from 'sluice';
 *
 * export function describe({ name, limit, duration }: Policy): string {
 *   return limit === null ? `${name}: unlimited` : `${name}: ${limit} in ${duration} seconds`;
 * }
 * ```
 */
export interface Policy {
  /** Names the bucket; fields whose policies share a name share the bucket. */
  readonly name: string;
  /** Units within the duration; null: any number. */
  readonly limit: number | null;
  /** Seconds. */
  readonly duration: number;
  readonly by: readonly LimitKey[];
  readonly identityArgs: readonly ArgumentPath[];
  /** What is counted: selections, or what they cost by `@cost` and `@listSize`. */
  readonly unit: 'SELECTION' | 'COST';
  readonly cost: number;
  readonly multipliers: readonly ArgumentPath[];
  readonly strategy: StrategyName;
  /** In order of precedence, before `limit`. */
  readonly tiers: readonly TierLimit[];
  readonly count: 'ATTEMPT' | 'FAILURE' | 'SUCCESS';
  readonly onCacheHit: 'CHARGE' | 'FREE';
  readonly mode: 'ENFORCE' | 'REPORT';
}

/** A policy and the schema coordinate where it is declared. */
export interface PlacedPolicy {
  readonly coordinate: string;
  readonly policy: Policy;
}

/**
 * The policies of each limited field by schema coordinate, and under `schema` those of whole operations.
 *
 * @example
 * ```ts
 * import type { PolicyTable } from 'sluice';
 *
 * // `limits` is that of an App.
 * export function limitedFields(limits: PolicyTable): string[] {
 *   return [...limits.keys()].filter((coordinate) => coordinate !== 'schema');
 * }
 * ```
 */
export type PolicyTable = ReadonlyMap<string, readonly Policy[]>;

/** Where a PolicyTable has the policies of whole operations. */
export const wholeOperation = 'schema';

/** A policy that nothing but its name, its limit and whom it counts by makes special. */
export function plainPolicy(name: string, { limit, duration }: WindowLimit, by: readonly LimitKey[]): Policy {
  return {
    name,
    limit,
    duration,
    by,
    identityArgs: [],
    unit: 'SELECTION',
    cost: 1,
    multipliers: [],
    strategy: 'FIXED_WINDOW',
    tiers: [],
    count: 'ATTEMPT',
    onCacheHit: 'CHARGE',
    mode: 'ENFORCE',
  };
}

/** How many units the caller may use in which window; null: any number. */
export function limitFor(policy: Policy, caller: Caller): WindowLimit | null {
  const { limit, duration } = policy.tiers.find(({ tier }) => caller.tiers.includes(tier)) ?? policy;
  return limit === null ? null : { limit, duration };
}

/** Whether anything of the policy depends on the arguments of the field, or of those below it. */
export function dependsOnArguments({ identityArgs, multipliers, unit }: Policy): boolean {
  return identityArgs.length + multipliers.length > 0 || unit === 'COST';
}
