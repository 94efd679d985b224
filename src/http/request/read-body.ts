import type { IncomingMessage } from 'node:http';
import { clientError } from '../../errors.ts';

/**
 * Reads the body of a request as UTF-8.
 * @param limit bytes
 * @param done told once: the text, or why there is none
 */
export function readBody(
  request: IncomingMessage,
  limit: number,
  done: (text: string | Error) => void,
): void {
  if (Number(request.headers['content-length']) > limit) {
    done(tooLarge(limit));
    return;
  }
  const parts: Buffer[] = [];
  let size = 0;
  request.on('data', (part: Buffer) => {
    const wasFitting = size <= limit;
    size += part.length;
    if (size <= limit) parts.push(part);
    else if (wasFitting) done(tooLarge(limit));
  });
  request.on('end', () => {
    if (size <= limit) done(textOf(parts));
  });
  request.on('error', () => {
    if (size <= limit) done(clientError('BAD_REQUEST', 'The request body ends before its time.'));
  });
}

export function tooLarge(limit: number): Error {
  return clientError('PAYLOAD_TOO_LARGE', `The request body is larger than the limit of ${limit} bytes.`);
}

function textOf(parts: readonly Buffer[]): string {
  const [first] = parts;
  const text = parts.length === 1 && first !== undefined ? first.toString() : Buffer.concat(parts).toString();
  // A byte order mark is no part of the text.
  return text.codePointAt(0) === 0xfeff ? text.slice(1) : text;
}
