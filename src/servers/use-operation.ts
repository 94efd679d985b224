import type { Plugin } from '@envelop/core';
import { getVariableValues } from '@graphql-tools/executor';
import { isPromise, type MaybePromise } from '@whatwg-node/promise-helpers';
import {
  OperationTypeNode,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLSchema,
} from 'graphql';
import type { OperationContext } from '../context.ts';
import { clientError } from '../errors.ts';
import type { Operation, Prepare } from '../operation/prepare.ts';
import { PlanTooLarge, type Admission, type Limiter } from '../rate-limit/index.ts';

export interface OperationOptions {
  readonly schema: GraphQLSchema;
  readonly prepare: Prepare;
  readonly limiter: Limiter;
  /** Asks the cache for the answer to an operation with these variables, and says whether it has one. */
  readonly lookUpAnswer: (context: OperationContext, variables: RawVariables) => MaybePromise<boolean>;
}

type RawVariables = Readonly<Record<string, unknown>>;

/** What envelop leaves untyped. */
interface TypedArguments {
  readonly contextValue: OperationContext;
  readonly document: DocumentNode;
  readonly operationName?: string | null;
  readonly variableValues?: RawVariables | null;
}

type Stop = (result: ExecutionResult) => void;

/** prepare → admit: an operation that cannot be run as it was sent, or that limits reject, is not executed. */
export function useOperation(options: OperationOptions): Plugin<OperationContext> {
  return {
    onExecute({ args, setResultAndStopExecution }) {
      return enter(options, args, 'execute', setResultAndStopExecution);
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      return enter(options, args, 'subscribe', setResultAndStopExecution);
    },
  };
}

function enter(
  options: OperationOptions,
  args: TypedArguments,
  how: 'execute' | 'subscribe',
  stop: Stop,
): MaybePromise<void> {
  try {
    return prepareAndAdmit(options, args, how, stop);
  } catch (error) {
    if (!(error instanceof PlanTooLarge)) throw error;
    stop({ errors: [clientError('GRAPHQL_VALIDATION_FAILED', error.message)] });
    return undefined;
  }
}

function prepareAndAdmit(
  options: OperationOptions,
  args: TypedArguments,
  how: 'execute' | 'subscribe',
  stop: Stop,
): MaybePromise<void> {
  const { contextValue: context, document, operationName } = args;
  const operation = options.prepare(document, operationName);
  context.progress.operation = operation;
  const error = refusal(operation, operationName, how, context.method);
  if (operation === undefined || error !== undefined) {
    if (error?.extensions['code'] === 'METHOD_NOT_ALLOWED') context.headers.set('Allow', 'POST');
    if (error !== undefined) stop({ errors: [error] });
    return undefined;
  }
  // Who makes a fresh answer in place of one that was given has been admitted for that one.
  return context.progress.admission === undefined ? admit(options, operation, args, stop) : undefined;
}

function admit(
  { schema, limiter, lookUpAnswer }: OperationOptions,
  { definition, plan }: Operation,
  { contextValue: context, variableValues }: TypedArguments,
  stop: Stop,
): MaybePromise<void> {
  const raw = variableValues ?? {};
  // By the executor's own function: graphql-js makes something else of a variable that is named __proto__.
  const coercion = getVariableValues(schema, definition.variableDefinitions ?? [], raw, { maxErrors: 1 });
  // Execution says what is wrong with variables that cannot be coerced. Such an operation asks for nothing.
  if (coercion.errors !== undefined) return undefined;
  const variables = coercion.variableValues.coerced;
  const { caller, progress } = context;
  const settled = (admission: Admission): void => {
    progress.admission = admission;
    const { rejection } = admission;
    if (rejection === undefined) {
      admission.awaitResult();
      return;
    }
    admission.cancel();
    stop({ errors: rejection });
  };
  const judge = (isHit: boolean): MaybePromise<void> => {
    const admission = limiter.admit({ plan: plan.selections(variables), variables, caller, isHit });
    if (!isPromise(admission)) {
      settled(admission);
      return undefined;
    }
    // Who has to wait for the limiter's store asks that of the answers in the same round trip.
    if (progress.lookUp === undefined) void lookUpAnswer(context, raw);
    return admission.then(settled);
  };
  const isHit = limiter.limits.someAreFree && lookUpAnswer(context, raw);
  return isPromise(isHit) ? isHit.then(judge) : judge(isHit);
}

function refusal(
  operation: Operation | undefined,
  name: string | null | undefined,
  how: 'execute' | 'subscribe',
  method: string,
): GraphQLError | undefined {
  if (operation === undefined) {
    const message =
      name == null
        ? 'The document has several operations, or none. Say which one to run: operationName.'
        : `The document has no operation named "${name}".`;
    return clientError('OPERATION_RESOLUTION_FAILURE', message);
  }
  if (how === 'execute' && operation.kind === OperationTypeNode.SUBSCRIPTION) {
    return clientError(
      'NOT_ACCEPTABLE',
      'A subscription is answered as a stream. Send "Accept: text/event-stream".',
    );
  }
  if (method !== 'POST' && operation.kind === OperationTypeNode.MUTATION) {
    return clientError(
      'METHOD_NOT_ALLOWED',
      `A ${operation.kind} cannot be run by ${method}. Send it by POST.`,
    );
  }
  return undefined;
}
