import Negotiator from 'negotiator';
import { memoize } from '../../util/memoize.ts';

type JsonMediaType = 'application/json' | 'application/graphql-response+json';

export type StreamMediaType = 'text/event-stream' | 'multipart/mixed';

export type MediaType = JsonMediaType | StreamMediaType;

/** What a client wants an answer in. */
export type Negotiated =
  | { readonly kind: 'json'; readonly mediaType: JsonMediaType }
  | {
      readonly kind: 'stream';
      readonly mediaType: StreamMediaType;
      /** Whether it takes events at all, which subscriptions need. */
      readonly takesEvents: boolean;
    }
  | { readonly kind: 'html' }
  | { readonly kind: 'none' };

/** In the order that decides between equals: clients that name none get `application/json`. */
const jsonTypes = ['application/json', 'application/graphql-response+json'];
const streamTypes: readonly StreamMediaType[] = ['text/event-stream', 'multipart/mixed'];
const htmlTypes = ['text/html'];

export function isStreamed(mediaType: MediaType): mediaType is StreamMediaType {
  return mediaType === 'text/event-stream' || mediaType === 'multipart/mixed';
}

/** What there is for a request besides JSON. */
export interface Offer {
  readonly stream: boolean;
  readonly html: boolean;
}

/** Reads `Accept`. A missing field means anything. */
export type Negotiate = (accept: string | undefined) => Negotiated;

/** Reads the `Accept` of requests that are all offered the same. */
export function createNegotiate({ stream, html }: Offer): Negotiate {
  const offered = [...jsonTypes, ...(stream ? streamTypes : []), ...(html ? htmlTypes : [])];
  const anything = preferred(offered, undefined);
  const known = memoize((accept) => preferred(offered, accept));
  return (accept) => (accept === undefined ? anything : known(accept));
}

function preferred(offered: readonly string[], accept: string | undefined): Negotiated {
  const negotiator = new Negotiator({ headers: { accept } });
  const wanted = negotiator.mediaType([...offered]);
  if (wanted === 'application/json' || wanted === 'application/graphql-response+json') {
    return { kind: 'json', mediaType: wanted };
  }
  if (wanted === 'text/html') return { kind: 'html' };
  const stream = streamTypes.find((type) => type === wanted);
  if (stream === undefined) return { kind: 'none' };
  const takesEvents = negotiator.mediaType(['text/event-stream']) !== undefined;
  return { kind: 'stream', mediaType: stream, takesEvents };
}
