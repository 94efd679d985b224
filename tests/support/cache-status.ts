import type { Reply } from './client.ts';

/** The Cache-Status of an answer that has just been made, and is kept. */
export const stored = 'sluice; fwd=miss; stored';
/** The Cache-Status of an answer that has just been kept for a minute. */
export const hit = 'sluice; hit; ttl=60';
/** The Cache-Status of an answer that a write has overtaken while it was made. */
export const overtaken = 'sluice; fwd=miss; detail="overtaken"';
/** The Cache-Status of an answer of which it cannot be told what it was made from. */
export const unknownTables = 'sluice; fwd=miss; detail="unknown-tables"';

/** What the cache had to do with a reply. */
export function cacheStatus({ headers }: Reply): string | null {
  return headers.get('cache-status');
}

/** Whether a reply is an answer that had been kept. */
export function isHit(reply: Reply): boolean {
  return cacheStatus(reply)?.startsWith('sluice; hit') === true;
}
