import Negotiator from 'negotiator';

export type JsonMediaType = 'application/json' | 'application/graphql-response+json';

/** What a client wants an answer in. */
export type Negotiated =
  | { readonly kind: 'json'; readonly mediaType: JsonMediaType }
  | { readonly kind: 'stream' }
  | { readonly kind: 'html' }
  | { readonly kind: 'none' };

/** In the order that decides between equals: clients that name none get `application/json`. */
const jsonTypes = ['application/json', 'application/graphql-response+json'];
const streamTypes = ['text/event-stream', 'multipart/mixed'];
const htmlTypes = ['text/html'];

/** What there is for a request besides JSON. */
export interface Offer {
  readonly stream: boolean;
  readonly html: boolean;
}

/** Reads `Accept`. A missing field means anything. */
export function negotiate(accept: string | undefined, { stream, html }: Offer): Negotiated {
  const offered = [...jsonTypes, ...(stream ? streamTypes : []), ...(html ? htmlTypes : [])];
  const wanted = new Negotiator({ headers: { accept } }).mediaType(offered);
  if (wanted === 'application/json' || wanted === 'application/graphql-response+json') {
    return { kind: 'json', mediaType: wanted };
  }
  if (wanted === 'text/html') return { kind: 'html' };
  return wanted === undefined ? { kind: 'none' } : { kind: 'stream' };
}
