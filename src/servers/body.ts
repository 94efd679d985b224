import type { OneResponse, WrittenResponse } from './graphql-server.ts';

/** The body of the answer to one operation, or to a batch of them. */
export function bodyOf(answer: OneResponse | readonly OneResponse[]): string | Buffer {
  return isBatch(answer) ? join(answer.map(serialise)) : serialise(answer);
}

/** Whether an answer is there as bytes, and nothing is to be told besides. */
export function isWhole(answer: OneResponse | readonly OneResponse[]): boolean {
  return !isBatch(answer) && isWritten(answer) && answer.extensions === undefined;
}

export function isBatch(answer: OneResponse | readonly OneResponse[]): answer is readonly OneResponse[] {
  return Array.isArray(answer);
}

export function isWritten(answer: OneResponse): answer is WrittenResponse {
  return 'body' in answer;
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
