import { type Answer, makeAnswer } from '../../../src/response-cache/answer.ts';
import type { FakeClock } from '../../support/fake-clock.ts';

interface Ages {
  readonly maxAge?: number;
  readonly staleWhileRevalidate?: number;
  readonly staleIfError?: number;
}

/** An answer made now. Times are seconds; it is fresh for 60 unless told otherwise. */
export function answerOf(clock: FakeClock, data: unknown, ages: Ages = {}): Answer {
  return makeAnswer(data, { maxAge: 60, staleWhileRevalidate: 0, staleIfError: 0, ...ages }, clock.now());
}

/** An answer with a body of so many bytes. */
export function answerOfSize(clock: FakeClock, bytes: number, maxAge = 60): Answer {
  return { ...answerOf(clock, null, { maxAge }), body: Buffer.alloc(bytes, 'x') };
}
