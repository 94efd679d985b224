import type { GraphQLResponse, OperationResponse, WrittenResponse } from '../../operation/response.ts';
import { Rejection } from '../../rate-limit/index.ts';

/** The body of the response to one operation, or to a batch of them; undefined where it takes more than so many bytes. */
export function bodyOf(
  response: OperationResponse | readonly OperationResponse[],
  limit: number,
): string | Buffer | undefined {
  if (isBatch(response)) return joined(response, limit);
  const body = serialise(response);
  return Buffer.byteLength(body) > limit ? undefined : body;
}

/** Stops as soon as it is too long. */
function joined(batch: readonly OperationResponse[], limit: number): Buffer | undefined {
  const bodies: (string | Buffer)[] = [];
  // Each has a bracket or a comma before it.
  let bytes = 1;
  for (const response of batch) {
    const body = serialise(response);
    bytes += Buffer.byteLength(body) + 1;
    if (bytes > limit) return undefined;
    bodies.push(body);
  }
  return join(bodies);
}

/** Whether a response is there as bytes, and nothing is to be told besides. */
export function isWhole(response: OperationResponse | readonly OperationResponse[]): boolean {
  return !isBatch(response) && isWritten(response) && response.extensions === undefined;
}

export function isBatch(
  response: OperationResponse | readonly OperationResponse[],
): response is readonly OperationResponse[] {
  return Array.isArray(response);
}

export function isWritten(response: OperationResponse): response is WrittenResponse {
  return 'body' in response;
}

/** Errors come first, as the specification advises, so that they are seen when a client debugs. */
function serialise(response: OperationResponse): string | Buffer {
  if (response instanceof Rejection) return response.text;
  if (!isWritten(response)) {
    const { errors, data, extensions } = response;
    const isOnlyErrors = errors !== undefined && data === undefined && extensions === undefined;
    return isOnlyErrors ? textOfErrors(errors) : JSON.stringify({ errors, data, extensions });
  }
  const { body, extensions } = response;
  if (extensions === undefined) return body;
  return Buffer.concat([body.subarray(0, -1), Buffer.from(`,"extensions":${JSON.stringify(extensions)}}`)]);
}

type Errors = NonNullable<GraphQLResponse['errors']>;

const texts = new WeakMap<Errors, string>();

/** What is wrong with a document that clients send again and again is the same list of errors each time. */
function textOfErrors(errors: Errors): string {
  const known = texts.get(errors);
  if (known !== undefined) return known;
  const text = JSON.stringify({ errors });
  texts.set(errors, text);
  return text;
}

function join(bodies: readonly (string | Buffer)[]): Buffer {
  const parts = bodies.flatMap((body, index) => [index === 0 ? '[' : ',', body]);
  return Buffer.concat([...parts, ']'].map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
}
