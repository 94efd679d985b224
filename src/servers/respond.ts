import type { ServerResponse } from 'node:http';
import type { OneResponse, WrittenResponse } from './graphql-server.ts';
import type { JsonMediaType } from './media-type.ts';
import { statusOf } from './status.ts';

/** Writes the answer to one operation, or to a batch of them, which is 200 whatever is in it. */
export function respond(
  response: ServerResponse,
  answer: OneResponse | readonly OneResponse[],
  mediaType: JsonMediaType,
  rejectStatus: 429 | 200 = 429,
): void {
  const status = isBatch(answer) || isWritten(answer) ? 200 : statusOf(answer, mediaType, rejectStatus);
  const body = isBatch(answer) ? join(answer.map(serialise)) : serialise(answer);
  response.setHeader('Content-Type', `${mediaType}; charset=utf-8`);
  response.setHeader('Content-Length', Buffer.byteLength(body));
  // RFC 9110, 15.5.2 asks for it. Browsers show no dialogue for this scheme.
  if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
  response.writeHead(status).end(body);
}

/** Whether an answer is there as bytes, and nothing is to be told besides. */
export function isWhole(answer: OneResponse | readonly OneResponse[]): boolean {
  return !isBatch(answer) && isWritten(answer) && answer.extensions === undefined;
}

/** Errors come first, as the specification advises, so that they are seen when a client debugs. */
function serialise(answer: OneResponse): string | Buffer {
  if (!isWritten(answer)) {
    const { errors, data, extensions } = answer;
    return JSON.stringify({ errors, data, extensions });
  }
  const { body, extensions } = answer;
  if (extensions === undefined) return body;
  return Buffer.concat([body.subarray(0, -1), Buffer.from(`,"extensions":${JSON.stringify(extensions)}}`)]);
}

function join(bodies: readonly (string | Buffer)[]): Buffer {
  const parts = bodies.flatMap((body, index) => [index === 0 ? '[' : ',', body]);
  return Buffer.concat([...parts, ']'].map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
}

function isBatch(answer: OneResponse | readonly OneResponse[]): answer is readonly OneResponse[] {
  return Array.isArray(answer);
}

function isWritten(answer: OneResponse): answer is WrittenResponse {
  return 'body' in answer;
}
