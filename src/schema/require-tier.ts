import type { Caller } from '../caller/caller.ts';
import { forbidden } from '../errors.ts';

/** Throws FORBIDDEN for callers who do not carry the tier. */
export function requireTier(caller: Caller, tier: string): void {
  if (!caller.tiers.includes(tier)) throw forbidden(`This is for callers of the tier ${tier}.`);
}
