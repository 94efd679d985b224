import type { GraphQLResponse, OperationResponse, WrittenResponse } from '../../operation/response.ts';

/** The body of the answer to one operation, or to a batch of them. */
export function bodyOf(answer: OperationResponse | readonly OperationResponse[]): string | Buffer {
  return isBatch(answer) ? join(answer.map(serialise)) : serialise(answer);
}

/** Whether an answer is there as bytes, and nothing is to be told besides. */
export function isWhole(answer: OperationResponse | readonly OperationResponse[]): boolean {
  return !isBatch(answer) && isWritten(answer) && answer.extensions === undefined;
}

export function isBatch(
  answer: OperationResponse | readonly OperationResponse[],
): answer is readonly OperationResponse[] {
  return Array.isArray(answer);
}

export function isWritten(answer: OperationResponse): answer is WrittenResponse {
  return 'body' in answer;
}

/** Errors come first, as the specification advises, so that they are seen when a client debugs. */
function serialise(answer: OperationResponse): string | Buffer {
  if (!isWritten(answer)) {
    const { errors, data, extensions } = answer;
    const isRefusal = errors !== undefined && data === undefined && extensions === undefined;
    return isRefusal ? textOfRefusal(errors) : JSON.stringify({ errors, data, extensions });
  }
  const { body, extensions } = answer;
  if (extensions === undefined) return body;
  return Buffer.concat([body.subarray(0, -1), Buffer.from(`,"extensions":${JSON.stringify(extensions)}}`)]);
}

type Errors = NonNullable<GraphQLResponse['errors']>;

const refusals = new WeakMap<Errors, string>();

/** What refuses operations that are no good, or too many of them, are the same lists again and again. */
function textOfRefusal(errors: Errors): string {
  const known = refusals.get(errors);
  if (known !== undefined) return known;
  const text = JSON.stringify({ errors });
  refusals.set(errors, text);
  return text;
}

function join(bodies: readonly (string | Buffer)[]): Buffer {
  const parts = bodies.flatMap((body, index) => [index === 0 ? '[' : ',', body]);
  return Buffer.concat([...parts, ']'].map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
}
