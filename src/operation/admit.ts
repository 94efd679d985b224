import { isPromise, type MaybePromise } from '@whatwg-node/promise-helpers';
import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  OperationTypeNode,
} from 'graphql';
import { clientError } from '../errors.ts';
import { coerceVariables } from '../execution/index.ts';
import { type Admission, type Limiter, PlanTooLarge } from '../rate-limit/index.ts';
import { type AnswerCache, lookUpAnswer } from '../response-cache/index.ts';
import type { OperationFacts } from './context.ts';
import type { Operation, Prepare } from './prepare.ts';

export interface AdmitOptions {
  readonly schema: GraphQLSchema;
  readonly prepare: Prepare;
  readonly limiter: Limiter;
  readonly cache: AnswerCache;
}

/** An operation that somebody asks for, in a document that is valid. */
export interface AskedOperation {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  /** As they were sent. */
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** Why an operation is not executed: it cannot be run as it was sent, or limits reject it. */
export type Refusal = readonly (GraphQLError | GraphQLFormattedError)[];

/** prepare → admit: notes in the progress of an operation what it is and what limits say of it. */
export type Admit = (
  asked: AskedOperation,
  facts: OperationFacts,
  how: 'execute' | 'subscribe',
) => MaybePromise<Refusal | undefined>;

export function createAdmit(options: AdmitOptions): Admit {
  return (asked, facts, how) => {
    try {
      return prepareAndAdmit(options, asked, facts, how);
    } catch (error) {
      if (!(error instanceof PlanTooLarge)) throw error;
      return [clientError('GRAPHQL_VALIDATION_FAILED', error.message)];
    }
  };
}

function prepareAndAdmit(
  options: AdmitOptions,
  asked: AskedOperation,
  facts: OperationFacts,
  how: 'execute' | 'subscribe',
): MaybePromise<Refusal | undefined> {
  const { progress } = facts;
  const operation = options.prepare(asked.document, asked.operationName);
  progress.operation = operation;
  if (operation === undefined) return [unknownOperation(asked.operationName)];
  const error = misfit(operation, how, facts.method);
  if (error !== undefined) return [error];
  // Who makes a fresh answer in place of one that was given has been admitted for that one.
  return progress.admission === undefined ? admit(options, operation, asked, facts) : undefined;
}

function admit(
  { schema, limiter, cache }: AdmitOptions,
  { definition, plan }: Operation,
  asked: AskedOperation,
  facts: OperationFacts,
): MaybePromise<Refusal | undefined> {
  const { caller, progress } = facts;
  const raw = asked.variables ?? {};
  const coerced = coerceVariables(schema, definition, raw);
  // Execution says what is wrong with variables that cannot be coerced. Such an operation asks for nothing.
  if (coerced.errors !== undefined) return undefined;
  progress.coerced = coerced;
  const { values: variables } = coerced;
  const settled = (admission: Admission): Refusal | undefined => {
    progress.admission = admission;
    const { rejection } = admission;
    if (rejection === undefined) admission.awaitResult();
    else admission.cancel();
    return rejection;
  };
  const judge = (isHit: boolean): MaybePromise<Refusal | undefined> => {
    const admission = limiter.admit({ plan: plan.selections(variables), variables, caller, isHit });
    if (!isPromise(admission)) return settled(admission);
    // Who has to wait for the limiter's store asks that of the answers in the same round trip.
    if (progress.lookUp === undefined) void lookUpAnswer(cache, facts, raw);
    return admission.then(settled);
  };
  const isHit = limiter.limits.someAreFree && lookUpAnswer(cache, facts, raw);
  return isPromise(isHit) ? isHit.then(judge) : judge(isHit);
}

function unknownOperation(name: string | null | undefined): GraphQLError {
  const message =
    name == null
      ? 'The document has several operations, or none. Say which one to run: operationName.'
      : `The document has no operation named "${name}".`;
  return clientError('OPERATION_RESOLUTION_FAILURE', message);
}

/** Why an operation cannot be run in the way that the request asks for; undefined if it can. */
function misfit({ kind }: Operation, how: 'execute' | 'subscribe', method: string): GraphQLError | undefined {
  if (how === 'execute' && kind === OperationTypeNode.SUBSCRIPTION) {
    return clientError(
      'NOT_ACCEPTABLE',
      'A subscription is answered as a stream. Send "Accept: text/event-stream".',
    );
  }
  if (method !== 'POST' && kind === OperationTypeNode.MUTATION) {
    return clientError('METHOD_NOT_ALLOWED', `A ${kind} cannot be run by ${method}. Send it by POST.`);
  }
  return undefined;
}
