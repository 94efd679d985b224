import type { IncomingMessage } from 'node:http';
import { clientError } from '../errors.ts';

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
  const end = (result: string | Error): void => {
    request.off('data', onData).off('end', onEnd).off('close', onClose);
    done(result);
  };
  const onData = (part: Buffer): void => {
    size += part.length;
    if (size <= limit) {
      parts.push(part);
      return;
    }
    request.pause();
    end(tooLarge(limit));
  };
  const onEnd = (): void => {
    end(textOf(parts));
  };
  const onClose = (): void => {
    end(clientError('BAD_REQUEST', 'The request ended before its body did.'));
  };
  request.on('data', onData).on('end', onEnd).on('close', onClose);
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
