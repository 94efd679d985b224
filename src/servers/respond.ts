import type { ServerResponse } from 'node:http';
import type { GraphQLResponse } from './graphql-server.ts';
import type { JsonMediaType } from './media-type.ts';
import { statusOf } from './status.ts';

/** Writes the answer to one operation, or to a batch of them, which is 200 whatever is in it. */
export function respond(
  response: ServerResponse,
  answer: GraphQLResponse | readonly GraphQLResponse[],
  mediaType: JsonMediaType,
  rejectStatus: 429 | 200 = 429,
): void {
  const status = isBatch(answer) ? 200 : statusOf(answer, mediaType, rejectStatus);
  const body = isBatch(answer) ? `[${answer.map(serialise).join(',')}]` : serialise(answer);
  response.setHeader('Content-Type', `${mediaType}; charset=utf-8`);
  response.setHeader('Content-Length', Buffer.byteLength(body));
  // RFC 9110, 15.5.2 asks for it. Browsers show no dialogue for this scheme.
  if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
  response.writeHead(status).end(body);
}

/** Errors come first, as the specification advises, so that they are seen when a client debugs. */
function serialise({ errors, data, extensions }: GraphQLResponse): string {
  return JSON.stringify({ errors, data, extensions });
}

function isBatch(answer: GraphQLResponse | readonly GraphQLResponse[]): answer is readonly GraphQLResponse[] {
  return Array.isArray(answer);
}
