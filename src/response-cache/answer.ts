import { hash } from 'node:crypto';
import type { CachePlan } from './cache-plan.ts';

/** A finished response that is kept, as bytes. */
export interface Answer {
  /** The body: `{"data":…}` and nothing else, UTF-8. It is shared between requests and must not be changed. */
  readonly body: Buffer;
  /** A strong entity tag of the body, in quotes (RFC 9110, 8.8.3). */
  readonly etag: string;
  /** All times are milliseconds since the epoch. */
  readonly storedAt: number;
  readonly freshUntil: number;
  /** Until when it may still be given while a fresh one is made; at least `freshUntil`. */
  readonly staleUntil: number;
  /** Until when it may still be given where making a fresh one fails; at least `freshUntil`. */
  readonly errorUntil: number;
}

/** Makes an answer of the data of a result. Undefined values have no place in it. */
export function makeAnswer(
  data: unknown,
  {
    maxAge,
    staleWhileRevalidate,
    staleIfError,
  }: Pick<CachePlan, 'maxAge' | 'staleWhileRevalidate' | 'staleIfError'>,
  now: number,
): Answer {
  const text = JSON.stringify({ data });
  const freshUntil = now + maxAge * 1000;
  return {
    body: Buffer.from(text),
    etag: `"${hash('sha256', text, 'base64url').slice(0, 27)}"`,
    storedAt: now,
    freshUntil,
    staleUntil: freshUntil + staleWhileRevalidate * 1000,
    errorUntil: freshUntil + staleIfError * 1000,
  };
}

/** Until when an answer is of any use. */
export function lastUse({ staleUntil, errorUntil }: Answer): number {
  return Math.max(staleUntil, errorUntil);
}
