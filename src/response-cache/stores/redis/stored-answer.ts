import type { Answer } from '../../answer.ts';
import { packBody, unpackBody } from '../packed-body.ts';
import type { SharedAnswer } from '../shared-answers.ts';

/** What Redis has of an answer besides its body, as JSON. */
interface Head extends Omit<Answer, 'body'> {
  readonly encoding: 0 | 1;
  readonly tags: readonly string[];
}

/** An answer as it is written to Redis. */
export interface StoredAnswer {
  readonly head: string;
  readonly body: Buffer;
}

export function writeAnswer({ answer, tags }: SharedAnswer): StoredAnswer {
  const { body, ...rest } = answer;
  const { encoding, bytes } = packBody(body);
  const head: Head = { ...rest, encoding, tags };
  return { head: JSON.stringify(head), body: bytes };
}

/** @throws Error when they are not what `writeAnswer` has made */
export function readAnswer(head: Buffer, body: Buffer): SharedAnswer {
  // Only keepScript writes what is under these keys.
  const { encoding, tags, ...rest } = JSON.parse(head.toString()) as Head;
  return { answer: { ...rest, body: unpackBody({ encoding, bytes: body }) }, tags };
}
