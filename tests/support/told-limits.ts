import { parseList } from 'structured-headers';
import { expect } from 'vitest';
import { ask, type Reply } from './client.ts';

/** What the fields say of one policy: its quota, its window, what remains and for how many seconds. */
export interface Told {
  readonly q: number;
  readonly w: number;
  readonly r: number;
  readonly t?: number;
}

/** What RateLimit-Policy and RateLimit say of each policy, by its name; nothing if there are no such fields. */
export function told({ headers }: Pick<Reply, 'headers'>): Record<string, Told> {
  const quotas = itemsIn(headers.get('ratelimit-policy'));
  const limits = itemsIn(headers.get('ratelimit'));
  expect(limits.map(([name]) => name)).toEqual(quotas.map(([name]) => name));
  const merged = quotas.map(
    ([name, quota], index) => [name, { ...quota, ...limits[index]?.[1] } as Told] as const,
  );
  expect(new Set(merged.map(([name]) => name)).size).toBe(merged.length);
  return Object.fromEntries(merged);
}

/** The seconds of Retry-After. */
export function retryAfter({ headers }: Pick<Reply, 'headers'>): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  expect(value).toMatch(/^[1-9]\d*$/);
  return Number(value);
}

/** The names of all fields that tell of limits. */
export function limitFieldNames(headers: Headers): string[] {
  return [...headers.keys()].filter((name) => /^(x-)?ratelimit|^retry-after$/.test(name)).toSorted();
}

/** How much is left of a limit, as the API itself tells. */
export async function remaining(
  url: string,
  policy: string,
  headers: Record<string, string> = {},
): Promise<number | undefined> {
  const { body } = await ask(url, '{ rateLimits { policy remaining } }', { headers });
  const buckets = body.data?.['rateLimits'] as readonly { policy: string; remaining: number }[];
  return buckets.find((bucket) => bucket.policy === policy)?.remaining;
}

/** A List of Strings, each with its parameters. */
function itemsIn(value: string | null): [string, Partial<Told>][] {
  return parseList(value ?? '').map(([name, parameters]) => {
    if (typeof name !== 'string') throw new TypeError('A policy is not named by a String.');
    return [name, Object.fromEntries(parameters)];
  });
}
