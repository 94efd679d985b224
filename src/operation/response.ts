import { isAsyncIterable } from '@envelop/core';
import type { ExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql';
import { resultIsStream } from './not-acceptable.ts';

/** The response to one operation, ready to be serialised. */
export interface GraphQLResponse {
  readonly errors?: readonly (GraphQLError | GraphQLFormattedError)[] | undefined;
  readonly data?: unknown;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** A response that is there as the bytes of its body: `{"data":…}`, with what is told besides. */
export interface WrittenResponse {
  readonly body: Buffer;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** The response to one operation. */
export type OperationResponse = GraphQLResponse | WrittenResponse;

/** The response that an execution results in, for a client that did not ask for a stream. */
export function responseOf(result: ExecutionResult | AsyncIterable<unknown>): GraphQLResponse {
  if (!isAsyncIterable(result)) return result;
  return { errors: [resultIsStream()] };
}
