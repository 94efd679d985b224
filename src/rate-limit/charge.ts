import { createHash } from 'node:crypto';
import type { Caller } from '../caller/caller.ts';
import { foldCase } from '../fold-case.ts';
import { limitFor, type ArgumentPath, type LimitKey, type Policy } from './policy.ts';

/** What a selection costs in one bucket. */
export interface Charge {
  readonly policy: Policy;
  /** The bucket's key. */
  readonly bucket: string;
  /** The caller's limit in it. */
  readonly limit: number;
  /** Units, at least 1. */
  readonly cost: number;
}

export type Arguments = Readonly<Record<string, unknown>>;

/** The charges of one selection, in the order its policies are declared. Policies that do not limit the caller are left out. */
export function chargesFor(policies: readonly Policy[], caller: Caller, args: Arguments): Charge[] {
  return policies.flatMap((policy) => {
    const limit = limitFor(policy, caller);
    if (limit === null) return [];
    return [{ policy, limit, bucket: bucketKey(policy, caller, args), cost: costOf(policy, args) }];
  });
}

/** The key of the bucket that the policy counts this caller's use of these arguments in. */
export function bucketKey(policy: Policy, caller: Caller, args: Arguments): string {
  const key = `${policy.name}|${identityOf(policy.by, caller)}`;
  return policy.identityArgs.length === 0 ? key : `${key}|${digest(policy.identityArgs, args)}`;
}

/** Who the caller is to a limit. The address stands in for whatever the caller lacks, so that nobody goes uncounted. */
function identityOf(by: readonly LimitKey[], caller: Caller): string {
  for (const key of by) {
    if (key === 'GLOBAL') return 'all';
    if (key === 'IP') break;
    const id = key === 'USER' ? caller.userId : caller.apiKeyId;
    if (id !== undefined) return `${key === 'USER' ? 'user' : 'key'}:${id}`;
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
  if (typeof value === 'string') return foldCase(value.replaceAll(/[\p{Cc}\p{Cf}]/gu, ''));
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map(normalise);
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([name, member]) => [name, normalise(member)]);
}

/** The units of a selection: the cost times its multipliers, and never less than 1. */
function costOf(policy: Policy, args: Arguments): number {
  const factors = policy.multipliers.map((path) => factorOf(valueAt(path, args)));
  // Kept finite at each step, because Infinity times 0 is no number.
  const times = (product: number, factor: number) => Math.min(product * factor, Number.MAX_SAFE_INTEGER);
  return Math.max(1, factors.reduce(times, policy.cost));
}

function factorOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return typeof value === 'number' ? Math.max(0, value) : 1;
}

function valueAt(path: ArgumentPath, args: Arguments): unknown {
  return path.reduce<unknown>(
    (value, name) => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined),
    args,
  );
}
