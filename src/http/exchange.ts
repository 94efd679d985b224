import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Cors, CorsFields } from './cors.ts';
import type { MediaType } from './request/media-type.ts';

/** One request and its response. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Names the request to the client and in the log. */
  readonly requestId: string;
  readonly cors: CorsFields;
}

/** An exchange of which it is known in what the client wants its response. */
export interface NegotiatedExchange extends Exchange {
  readonly mediaType: MediaType;
}

export function openExchange(request: IncomingMessage, response: ServerResponse, cors: Cors): Exchange {
  return { request, response, requestId: randomUUID(), cors: cors.of(request.headers.origin) };
}

/** Sets the fields that every response has on one that somebody else sends. */
export function setCommonFields({ response, requestId, cors: { fields, vary } }: Exchange): void {
  response.setHeader('X-Request-Id', requestId);
  for (const [name, value] of fields) response.setHeader(name, value);
  if (vary.length > 0) response.setHeader('Vary', vary.join(', '));
}
