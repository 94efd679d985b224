/** Who asks. */
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

/** The tiers that the server itself gives; API keys can carry any others. */
export const tiers = { anonymous: 'ANONYMOUS', user: 'USER', admin: 'ADMIN' } as const;
