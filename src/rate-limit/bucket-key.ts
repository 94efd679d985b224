import type { Caller } from '../caller/caller.ts';
import type { Arguments } from './arguments.ts';
import { IdentityDigests } from './identity-digests.ts';
import type { LimitKey, Policy, StrategyName } from './policy.ts';

/** Part of a key, because a state means something to its own strategy only. */
const letters: Record<StrategyName, string> = {
  FIXED_WINDOW: 'F',
  SLIDING_WINDOW: 'W',
  SLIDING_LOG: 'L',
  TOKEN_BUCKET: 'T',
};

/**
 * The key of the bucket that a policy counts a caller's use of these arguments in: `Query.products|F60|ip:192.0.2.1`.
 * A limit may change while the server runs and keeps its bucket; another window or strategy has another one.
 * @param duration seconds
 * @param digests those of the operation, if it has others
 */
export function bucketKey(
  policy: Policy,
  duration: number,
  caller: Caller,
  args: Arguments,
  digests?: IdentityDigests,
): string {
  const { by, identityArgs } = policy;
  const key = prefixOf(policy, duration) + identityOf(by, caller);
  return identityArgs.length === 0
    ? key
    : `${key}|${(digests ?? new IdentityDigests()).of(identityArgs, args)}`;
}

/** The prefixes of policies with their own durations, which most callers' buckets have. */
const prefixes = new WeakMap<Policy, string>();

function prefixOf(policy: Policy, duration: number): string {
  if (duration !== policy.duration) return makePrefix(policy, duration);
  const known = prefixes.get(policy);
  if (known !== undefined) return known;
  const prefix = makePrefix(policy, duration);
  prefixes.set(policy, prefix);
  return prefix;
}

function makePrefix({ name, strategy }: Policy, duration: number): string {
  return `${name}|${letters[strategy]}${duration}|`;
}

/** Who the caller is to a limit. The address stands in for whatever the caller lacks, so that nobody goes uncounted. */
function identityOf(by: readonly LimitKey[], caller: Caller): string {
  for (const key of by) {
    if (key === 'GLOBAL') return 'all';
    if (key === 'IP') break;
    const id = key === 'USER' ? caller.userId : caller.apiKeyId;
    // One that is empty names nobody, and would be one bucket for all who have none.
    if (id != null && id !== '') return `${key === 'USER' ? 'user' : 'key'}:${id}`;
  }
  return `ip:${caller.ip}`;
}
