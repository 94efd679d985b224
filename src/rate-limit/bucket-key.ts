import { createHash } from 'node:crypto';
import type { Caller } from '../caller/caller.ts';
import { foldCase } from '../util/fold-case.ts';
import { type Arguments, valueAt } from './arguments.ts';
import type { ArgumentPath, LimitKey, Policy, StrategyName } from './policy.ts';

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
 */
export function bucketKey(policy: Policy, duration: number, caller: Caller, args: Arguments): string {
  const { by, identityArgs } = policy;
  const key = prefixOf(policy, duration) + identityOf(by, caller);
  return identityArgs.length === 0 ? key : `${key}|${digest(identityArgs, args)}`;
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

/** Hashed, because arguments such as e-mail addresses are nobody's business in a store. */
function digest(paths: readonly ArgumentPath[], args: Arguments): string {
  const values = paths.map((path) => normalise(valueAt(path, args)));
  return createHash('sha256').update(JSON.stringify(values)).digest('base64url');
}

/**
 * Spellings that mean one thing count as one: case, space around, characters that nobody sees, the order of an
 * object's entries. Whatever resolvers take for one value must come out as one here.
 */
function normalise(value: unknown): unknown {
  if (typeof value === 'string') return normaliseText(value);
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map(normalise);
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([name, member]) => [name, normalise(member)]);
}

/** Characters: more than any e-mail address or name has. To fold the case of a text can make it many times as long. */
const longestText = 256;

/** The long text that came last: one operation can give the same one to many fields. */
let latest = { text: '', normalised: '' };

/** Of a long text, once nobody can see what is left out, its beginning and its length. */
function normaliseText(text: string): string {
  if (text.length <= longestText) return foldCase(withoutUnseen(text));
  if (latest.text !== text) {
    const seen = withoutUnseen(text).trim();
    const start = foldCase(seen.slice(0, longestText));
    latest = { text, normalised: seen.length <= longestText ? start : `${start} ${seen.length}` };
  }
  return latest.normalised;
}

function withoutUnseen(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '');
}
