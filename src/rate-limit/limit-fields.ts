import { serializeInteger, serializeString } from 'structured-headers';
import type { BucketState } from './bucket-state.ts';
import type { Policy } from './policy.ts';

/**
 * The fields of IETF draft-ietf-httpapi-ratelimit-headers-11, Lists of String Items of RFC 9651. The draft is in flux:
 * its names, here and in `quotaItem` and `serviceLimitItem`, are all that depends on its number.
 */
const standardNames = { policy: 'RateLimit-Policy', limit: 'RateLimit' } as const;

/** No standard, but what clients have known longest. */
const legacyNames = {
  limit: 'X-RateLimit-Limit',
  remaining: 'X-RateLimit-Remaining',
  reset: 'X-RateLimit-Reset',
} as const;

const retryAfterName = 'Retry-After';

/** The names of all fields that tell of limits, for CORS to expose. */
export const exposedFields: readonly string[] = [
  ...Object.values(standardNames),
  ...Object.values(legacyNames),
  retryAfterName,
];

/** Proxies and clients bound the length of a field. */
const mostPolicies = 8;

/** The largest Integer of RFC 9651. */
const largestInteger = 999_999_999_999_999;

/**
 * Which fields tell of limits: those of the IETF draft, `X-RateLimit-Limit`, `-Remaining` and `-Reset`, both or none.
 * A denial has `Retry-After` whatever the style.
 */
export type HeaderStyle = 'standard' | 'legacy' | 'both' | 'none';

/** A header field: its name and its value. */
export type HeaderField = readonly [name: string, value: string];

/** What there is to tell about the limits of a response. */
export interface LimitReport {
  /** The buckets of its operations. */
  readonly states: readonly BucketState[];
  /** How long to wait before asking again for what was denied, in seconds; undefined if no wait is to be told. */
  readonly retryAfter: number | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly style: HeaderStyle;
}

/**
 * The header fields that tell of limits. Policies that only report are left out, because a client that backed off from
 * them would spoil the trial. Of the buckets of one policy the tightest is told; of more than 8 policies the tightest 8.
 * @throws SerializeError if a policy's name is not printable ASCII, which no compiled policy's is.
 */
export function limitFields({ states, retryAfter, now, style }: LimitReport): HeaderField[] {
  const told = style === 'none' ? none : tightestOfEach(states);
  const fields = style === 'legacy' ? [] : standardFields(told, now);
  if (style !== 'standard') fields.push(...legacyFields(told, now));
  if (retryAfter !== undefined) fields.push([retryAfterName, integer(Math.ceil(retryAfter))]);
  return fields;
}

const none: readonly never[] = [];

/** The tightest bucket of each policy that is enforced, in the order in which the policies come first. */
function tightestOfEach(states: readonly BucketState[]): readonly BucketState[] {
  if (states.length === 1 && states[0]?.policy.mode !== 'REPORT') return states;
  const byName = new Map<string, BucketState>();
  for (const state of states) {
    const { name, mode } = state.policy;
    if (mode === 'REPORT') continue;
    const known = byName.get(name);
    if (known === undefined || compareTightness(state, known) < 0) byName.set(name, state);
  }
  return [...byName.values()];
}

function standardFields(told: readonly BucketState[], now: number): HeaderField[] {
  if (told.length === 0) return [];
  const listed = told.length > mostPolicies ? tightestFew(told) : told;
  return [
    [standardNames.policy, listOf(listed, quotaItem, now)],
    [standardNames.limit, listOf(listed, serviceLimitItem, now)],
  ];
}

/** A List of RFC 9651. */
function listOf(
  states: readonly BucketState[],
  itemOf: (state: BucketState, now: number) => string,
  now: number,
): string {
  let list = '';
  for (const state of states) list += list === '' ? itemOf(state, now) : `, ${itemOf(state, now)}`;
  return list;
}

function tightestFew(told: readonly BucketState[]): BucketState[] {
  const few = new Set(told.toSorted(compareTightness).slice(0, mostPolicies));
  return told.filter((state) => few.has(state));
}

/** The quota (`q`), its unit (`qu`) and its window in seconds (`w`). */
function quotaItem({ policy, limit, window }: BucketState): string {
  const known = quotaItems.get(policy);
  if (known?.limit === limit && known.window === window) return known.item;
  // Of requests, which is what the draft takes for granted, unless it is something else.
  const unit = policy.unit === 'COST' ? ';qu="cost"' : '';
  const item = `${nameItem(policy)};q=${integer(limit)}${unit};w=${integer(window)}`;
  quotaItems.set(policy, { limit, window, item });
  return item;
}

/** The last one of each policy: most callers have the same quota. */
const quotaItems = new WeakMap<
  Policy,
  { readonly limit: number; readonly window: number; readonly item: string }
>();

/** What remains (`r`), and for how many seconds no more than that may be used (`t`). */
function serviceLimitItem({ policy, remaining, resetAt }: BucketState, now: number): string {
  const item = `${nameItem(policy)};r=${integer(remaining)}`;
  return resetAt === null ? item : `${item};t=${integer(Math.ceil((resetAt - now) / 1000))}`;
}

function legacyFields(told: readonly BucketState[], now: number): HeaderField[] {
  const tightest = told.reduce<BucketState | undefined>(
    (least, state) => (least === undefined || compareTightness(state, least) < 0 ? state : least),
    undefined,
  );
  if (tightest === undefined) return [];
  const resetAt = Math.max(tightest.resetAt ?? now, now);
  return [
    [legacyNames.limit, integer(tightest.limit)],
    [legacyNames.remaining, integer(tightest.remaining)],
    // Rounded up, so that waiting until then suffices.
    [legacyNames.reset, integer(Math.ceil(resetAt / 1000))],
  ];
}

/** Orders by the share that is left, the smallest first; of equals the one that takes longest to come back. */
function compareTightness(a: BucketState, b: BucketState): number {
  return shareLeft(a) - shareLeft(b) || (b.resetAt ?? 0) - (a.resetAt ?? 0);
}

/** A limit of 0 leaves nothing. */
function shareLeft({ remaining, limit }: BucketState): number {
  return limit > 0 ? remaining / limit : 0;
}

/** A policy's name never changes, and to serialise it takes longer than all the rest. */
const nameItems = new WeakMap<Policy, string>();

function nameItem(policy: Policy): string {
  const known = nameItems.get(policy);
  if (known !== undefined) return known;
  const item = serializeString(policy.name);
  nameItems.set(policy, item);
  return item;
}

/** A count as the fields can carry it: whole units that are really there, within the bounds of RFC 9651. */
function integer(value: number): string {
  return serializeInteger(Math.min(Math.max(Math.floor(value), 0), largestInteger));
}

/** An entry of `extensions.rateLimit`: a bucket after the operation. */
export interface LimitEntry {
  /** The policy's name. */
  readonly policy: string;
  readonly mode: Policy['mode'];
  readonly limit: number;
  /** Seconds. */
  readonly window: number;
  readonly cost: number;
  readonly remaining: number;
  /** ISO 8601, UTC; null while no unit is used. */
  readonly resetAt: string | null;
}

/** The entries of `extensions.rateLimit`: every bucket, also of policies that only report. */
export function limitExtension(states: readonly BucketState[]): LimitEntry[] {
  return states.map(({ policy, limit, window, cost, remaining, resetAt }) => ({
    policy: policy.name,
    mode: policy.mode,
    limit,
    window,
    cost,
    remaining,
    resetAt: resetAt === null ? null : new Date(resetAt).toISOString(),
  }));
}
