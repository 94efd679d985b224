import type { IncomingMessage, ServerResponse } from 'node:http';
import { isAsyncIterable } from '@envelop/core';
import type { MaybePromise } from '@whatwg-node/promise-helpers';
import type { DocumentNode, ExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql';
import type { OperationContext } from '../context.ts';
import { clientError } from '../errors.ts';
import type { GraphQLParams } from './params.ts';

/** The answer to one operation, ready to be serialised. */
export interface GraphQLResponse {
  readonly errors?: readonly (GraphQLError | GraphQLFormattedError)[] | undefined;
  readonly data?: unknown;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** An answer that is there as the bytes of its body: `{"data":…}`, with what is told besides. */
export interface WrittenResponse {
  readonly body: Buffer;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** The answer to one operation. */
export type OneResponse = GraphQLResponse | WrittenResponse;

/** The answer that an execution results in, for a client that did not ask for a stream. */
export function answerOf(result: ExecutionResult | AsyncIterable<unknown>): GraphQLResponse {
  if (!isAsyncIterable(result)) return result;
  const message = 'The result is a stream. Send "Accept: text/event-stream" or "Accept: multipart/mixed".';
  return { errors: [clientError('NOT_ACCEPTABLE', message)] };
}

/** An operation that has been read, identified, parsed, validated and admitted: all that is left is to execute it. */
export interface ReadyOperation extends GraphQLParams {
  readonly document: DocumentNode;
  /** As they were sent. Who has coerced them knows them again by this object. */
  readonly variables: NonNullable<GraphQLParams['variables']>;
}

/** A GraphQL server behind the front. All members of the family pass tests/servers/server.contract.ts. */
export interface GraphQLServer {
  /** Executes an operation; its errors are in the answer. One that can only be streamed is NOT_ACCEPTABLE. */
  execute(operation: ReadyOperation, context: OperationContext): MaybePromise<GraphQLResponse>;
  /** Answers what is not plain JSON: event streams, incremental delivery, uploads. Absent where it cannot. */
  readonly stream?: (
    request: IncomingMessage,
    response: ServerResponse,
    context: OperationContext,
  ) => Promise<void>;
  dispose(): Promise<void>;
}
