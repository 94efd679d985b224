/**
 * Who asks.
 *
 * @example
 * ```ts
 * import type { Caller } from 'sluice';
 *
 * // For the hook `identify`: whoever comes from the office carries one more tier.
 * export function identify(_request: unknown, caller: Caller): Caller {
 *   return caller.ip === '192.0.2.1' ? { ...caller, tiers: [...caller.tiers, 'STAFF'] } : caller;
 * }
 * ```
 */
export interface Caller {
  /** The client's address as limits count it: an IPv4 address, or the /64 network of an IPv6 address. */
  readonly ip: string;
  /** The id of the API key that came with the request. */
  readonly apiKeyId?: string | undefined;
  /** The id of the signed-in user. */
  readonly userId?: string | undefined;
  /** The tiers the caller carries; `ANONYMOUS` alone for a caller with neither key nor token. */
  readonly tiers: readonly string[];
}

/**
 * The tiers that the server itself gives; API keys can carry any others.
 *
 * @example
 * ```ts
 * import { type Caller, forbidden, tiers } from 'sluice';
 *
 * export function assertAdmin(caller: Caller): void {
 *   if (!caller.tiers.includes(tiers.admin)) throw forbidden('Only administrators may do this.');
 * }
 * ```
 */
export const tiers = { anonymous: 'ANONYMOUS', user: 'USER', admin: 'ADMIN' } as const;

/** Whoever sends something from an address, of whom nothing else is known. */
export function anonymousAt(ip: string): Caller {
  return { ip, tiers: [tiers.anonymous] };
}
