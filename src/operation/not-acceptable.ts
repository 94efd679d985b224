import type { GraphQLError } from 'graphql';
import { clientError } from '../errors.ts';

// Whatever a client accepts that it cannot have is NOT_ACCEPTABLE, which is 406 over HTTP.

/** @param accept what the client accepts, of which there is nothing */
export function notInMediaType(accept: string): GraphQLError {
  return clientError(
    'NOT_ACCEPTABLE',
    `The answer cannot be had as "${accept}". Accept "application/json" or "application/graphql-response+json".`,
  );
}

/** A subscription of a client that did not ask for events. */
export function subscriptionNeedsStream(): GraphQLError {
  return clientError(
    'NOT_ACCEPTABLE',
    'A subscription is answered as a stream. Send "Accept: text/event-stream".',
  );
}

/** A result that comes piece by piece, for a client that wants it whole. */
export function resultIsStream(): GraphQLError {
  return clientError(
    'NOT_ACCEPTABLE',
    'The result is a stream. Send "Accept: text/event-stream" or "Accept: multipart/mixed".',
  );
}
