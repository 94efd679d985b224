import { isAsyncIterable, type Plugin } from '@envelop/core';
import { OperationTypeNode, type DocumentNode, type ExecutionResult, type GraphQLError } from 'graphql';
import type { OperationContext } from '../context.ts';
import { clientError } from '../errors.ts';
import type { Operation, Prepare } from '../operation/prepare.ts';
import { rejectIfAllDenied, retryAfterOf } from '../rate-limit/rejection.ts';
import { presentErrors } from './errors.ts';

/** The envelop plugins that every operation runs through, whichever server hosts it. The first is the outermost. */
export function createPipeline(
  prepare: Prepare,
  useAnswerCache: Plugin<OperationContext>,
): Plugin<OperationContext>[] {
  return [useErrors(), useOperation(prepare), useAnswerCache];
}

/** Masks unexpected errors, and rejects operations of which limits let nothing be answered. */
function useErrors(): Plugin<OperationContext> {
  const present = (result: ExecutionResult, context: OperationContext): ExecutionResult => {
    const presented = presentErrors(result, context);
    const answer = context.operation ? rejectIfAllDenied(presented, context.operation.kind) : presented;
    const retryAfter = retryAfterOf(answer);
    if (retryAfter !== undefined) context.headers.set('Retry-After', String(retryAfter));
    return answer;
  };
  return {
    onExecute: ({ args: { contextValue } }) => ({
      onExecuteDone({ result, setResult }) {
        if (!isAsyncIterable(result)) setResult(present(result, contextValue));
        else
          return {
            onNext: (next) => {
              next.setResult(present(next.result, contextValue));
            },
          };
        return undefined;
      },
    }),
    onSubscribe: ({ args: { contextValue } }) => ({
      onSubscribeResult: ({ result, setResult }) => {
        if (!isAsyncIterable(result)) setResult(present(result, contextValue));
        return {
          onNext: (next) => {
            next.setResult(present(next.result, contextValue));
          },
        };
      },
    }),
  };
}

/** What envelop leaves untyped. */
interface TypedArguments {
  readonly contextValue: OperationContext;
  readonly document: DocumentNode;
  readonly operationName?: string | null;
}

/** Prepares the operation, and refuses what cannot be run as it was sent. */
function useOperation(prepare: Prepare): Plugin<OperationContext> {
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const { contextValue: context, document, operationName } = args as TypedArguments;
      const operation = prepare(document, operationName);
      context.operation = operation;
      const error = refusal(operation, operationName, context.method);
      if (error === undefined) return;
      if (error.extensions['code'] === 'METHOD_NOT_ALLOWED') context.headers.set('Allow', 'POST');
      setResultAndStopExecution({ errors: [error] });
    },
  };
}

function refusal(
  operation: Operation | undefined,
  name: string | null | undefined,
  method: string,
): GraphQLError | undefined {
  if (operation === undefined) {
    const message =
      name == null
        ? 'The document has several operations, or none. Say which one to run: operationName.'
        : `The document has no operation named "${name}".`;
    return clientError('OPERATION_RESOLUTION_FAILURE', message);
  }
  if (operation.kind === OperationTypeNode.SUBSCRIPTION) {
    return clientError(
      'NOT_ACCEPTABLE',
      'A subscription is answered as a stream. Send "Accept: text/event-stream".',
    );
  }
  if (method === 'GET' && operation.kind !== OperationTypeNode.QUERY) {
    return clientError('METHOD_NOT_ALLOWED', `A ${operation.kind} cannot be run by GET. Send it by POST.`);
  }
  return undefined;
}
