import type { Caller } from '../caller/caller.ts';

export type LimitKey = 'USER' | 'API_KEY' | 'IP' | 'GLOBAL';
export type StrategyName = 'FIXED_WINDOW' | 'SLIDING_WINDOW' | 'SLIDING_LOG' | 'TOKEN_BUCKET';

/** The way from a field's arguments to one value in them: `input.email` is `['input', 'email']`. */
export type ArgumentPath = readonly string[];

/** One compiled `@rateLimit`. */
export interface Policy {
  /** Names the bucket; fields whose policies share a name share the bucket. */
  readonly name: string;
  readonly limit: number;
  /** Seconds. */
  readonly duration: number;
  readonly by: readonly LimitKey[];
  readonly identityArgs: readonly ArgumentPath[];
  readonly cost: number;
  readonly multipliers: readonly ArgumentPath[];
  readonly strategy: StrategyName;
  /** In order of precedence; a `limit` of null is unlimited, 0 is never. */
  readonly tiers: readonly { readonly tier: string; readonly limit: number | null }[];
  readonly count: 'ATTEMPT' | 'FAILURE' | 'SUCCESS';
  readonly onCacheHit: 'CHARGE' | 'FREE';
  readonly mode: 'ENFORCE' | 'REPORT';
}

/** A policy and the schema coordinate where it is declared. */
export interface PlacedPolicy {
  readonly coordinate: string;
  readonly policy: Policy;
}

/** The policies of each limited field, by schema coordinate. Fields without limits are not in it. */
export type PolicyTable = ReadonlyMap<string, readonly Policy[]>;

/** How many units the caller may use in a window; null: any number. */
export function limitFor(policy: Policy, caller: Caller): number | null {
  const tier = policy.tiers.find(({ tier }) => caller.tiers.includes(tier));
  return tier === undefined ? policy.limit : tier.limit;
}
