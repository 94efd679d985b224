import type { IncomingMessage, ServerResponse } from 'node:http';
import type { MaybePromise } from '@whatwg-node/promise-helpers';
import type { OperationContext } from '../operation/context.ts';
import type { GraphQLResponse } from '../operation/response.ts';
import type { ReadOperation } from '../operation/stages.ts';

/** What executes operations. */
export interface Engine {
  /** Executes an operation; its errors are in the response. One that can only be streamed is NOT_ACCEPTABLE. */
  execute(operation: ReadOperation, context: OperationContext): MaybePromise<GraphQLResponse>;
  /** Executes the operation in a context, and sends its response as it comes. Absent where it cannot. */
  readonly stream?: (
    request: IncomingMessage,
    response: ServerResponse,
    context: OperationContext,
  ) => Promise<void>;
  dispose(): Promise<void>;
}
