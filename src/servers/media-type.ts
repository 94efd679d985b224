import Negotiator from 'negotiator';

export type JsonMediaType = 'application/json' | 'application/graphql-response+json';

/** What a client wants an answer in. */
export type Negotiated =
  | { readonly kind: 'json'; readonly mediaType: JsonMediaType }
  | { readonly kind: 'stream' }
  | { readonly kind: 'html' }
  | { readonly kind: 'none' };

/** In the order that decides between equals: clients that name none get `application/json`. */
const offered = [
  'application/json',
  'application/graphql-response+json',
  'text/event-stream',
  'multipart/mixed',
  'text/html',
];

/** Reads `Accept`. A missing field means anything. */
export function negotiate(accept: string | undefined): Negotiated {
  const wanted = new Negotiator({ headers: { accept } }).mediaType(offered);
  if (wanted === 'application/json' || wanted === 'application/graphql-response+json') {
    return { kind: 'json', mediaType: wanted };
  }
  if (wanted === 'text/html') return { kind: 'html' };
  return wanted === undefined ? { kind: 'none' } : { kind: 'stream' };
}
