import { type Coding, codings } from '../request/accept-encoding.ts';
import { type ConditionalRequest, isNotModified } from './not-modified.ts';

/** The strong entity tag of a representation in a content coding, which differs in its bytes (RFC 9110, 8.8.3.3). */
export function codedTag(etag: string, coding: Coding): string {
  return `${etag.slice(0, -1)}-${coding}"`;
}

/**
 * The entity tag of a representation that the client has already, so that 304 suffices: the one it would be sent, or
 * another of the same answer. A cache on the way freshens what it has under that very tag (RFC 9111, 4.3.4).
 */
export function tagTheClientHas(
  request: ConditionalRequest,
  etag: string,
  isCompressible: boolean,
  coding: Coding | undefined,
): string | undefined {
  if (request.headers['if-none-match'] === undefined) return undefined;
  const wanted = coding === undefined ? etag : codedTag(etag, coding);
  if (isNotModified(request, wanted)) return wanted;
  if (!isCompressible) return undefined;
  return [etag, ...codings.map((other) => codedTag(etag, other))].find((tag) => isNotModified(request, tag));
}
