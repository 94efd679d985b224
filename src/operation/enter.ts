import type { MaybePromise } from '@whatwg-node/promise-helpers';
import type { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import type { Caller } from '../caller/caller.ts';
import type { FindText, TextToRun } from '../persisted-documents/index.ts';
import type { Admission } from '../rate-limit/index.ts';
import type { CacheOutcome } from '../response-cache/index.ts';
import { mapMaybePromise } from '../util/promises.ts';
import type { Admit } from './admit.ts';
import type { CostBudget } from './cost-budget.ts';
import type { Documents } from './documents.ts';
import type { GraphQLParams } from './graphql-params.ts';
import type { Counted, InvalidRequests } from './invalid-requests.ts';
import type { LimitReporter } from './limit-reporter.ts';
import { type Delivery, invalid, type Prepare } from './prepare.ts';
import { presentError } from './present-errors.ts';
import type { OperationResponse } from './response.ts';
import type { OperationResult } from './run-result.ts';
import type { Admitted, IdentifiedRequest, Invalid, Prepared } from './stages.ts';

export interface EnterOptions {
  readonly findText: FindText;
  readonly documents: Documents;
  readonly prepare: Prepare;
  readonly admit: Admit;
  readonly limitReporter: LimitReporter;
  readonly invalidRequests: InvalidRequests;
  readonly log: Logger;
}

/** How an operation is asked for. */
export interface AskedHow {
  readonly delivery: Delivery;
  /** What its cost is taken from; by default one of its own. */
  readonly budget?: CostBudget | undefined;
}

/**
 * The one way in for an operation, however it was sent and is to be answered: find its text → read → prepare → admit.
 * What is not let in has a result.
 * @param goOn what is done with an operation that is let in
 */
export function enter<Result>(
  options: EnterOptions,
  request: IdentifiedRequest,
  params: GraphQLParams,
  how: AskedHow,
  goOn: (admitted: Admitted) => MaybePromise<Result>,
): MaybePromise<Result | OperationResult> {
  const { caller } = request;
  const refusal = refusalOf(options, params, caller);
  if (refusal !== undefined) return refusal;
  return mapMaybePromise(options.findText(params), (found): MaybePromise<Result | OperationResult> => {
    if (found.text === undefined) return counted(options, found, caller);
    const prepared = readAndPrepare(options, request, params, found, how);
    if (prepared.kind === 'invalid') return countedAlways(options, prepared, caller);
    return mapMaybePromise(options.admit(prepared), (stage): MaybePromise<Result | OperationResult> => {
      switch (stage.kind) {
        case 'invalid':
          return counted(options, stage, caller);
        case 'rejected':
          return resultOf(options, stage.admission, stage.rejection);
        case 'admitted':
          return goOn(stage);
      }
    });
  });
}

/**
 * What a caller gets at once, of whose address only what is known to be valid is taken, for an operation that is not known
 * to be: its text has not been parsed yet. What a name stands for is not known yet.
 */
function refusalOf(
  { invalidRequests, documents }: EnterOptions,
  { query }: GraphQLParams,
  caller: Caller,
): OperationResult | undefined {
  if (!invalidRequests.refusesSome || query === undefined || documents.isKnownValid(query)) return undefined;
  const refusal = invalidRequests.refusalOf(caller);
  return refusal && resultOfCount(refusal);
}

/** Whether an address that has sent too much that is no good may still have an answer to any of what it asks. */
export function mayBeKnown(
  { documents }: Pick<EnterOptions, 'documents'>,
  params: GraphQLParams | readonly GraphQLParams[] | Error,
): boolean {
  if (params instanceof Error) return false;
  return [params].flat().some(({ query }) => query === undefined || documents.isKnownValid(query));
}

/** What goes wrong here unexpectedly, what was sent has made go wrong. */
function readAndPrepare(
  { documents, prepare, log }: EnterOptions,
  request: IdentifiedRequest,
  { operationName, variables = {} }: GraphQLParams,
  { text: query, register }: TextToRun,
  { delivery, budget }: AskedHow,
): Prepared | Invalid {
  try {
    const known = documents.read(query, request.caller);
    if (known.document === undefined) return invalid(known.errors);
    register?.();
    return prepare({ query, document: known.document, operationName, variables }, request, delivery, budget);
  } catch (error) {
    return invalid([presentError(error, { log, requestId: request.requestId })]);
  }
}

interface Failed {
  readonly errors: readonly GraphQLError[];
}

/** The response to a request that may never have become an operation, counted if so. */
export function counted(
  { invalidRequests }: Pick<EnterOptions, 'invalidRequests'>,
  { errors }: Failed,
  caller: Caller,
): MaybePromise<OperationResult> {
  return mapMaybePromise(invalidRequests.count({ errors }, caller), resultOfCount);
}

/** The same for one that never has, whatever the error says. */
function countedAlways(
  { invalidRequests }: Pick<EnterOptions, 'invalidRequests'>,
  { errors }: Failed,
  caller: Caller,
): MaybePromise<OperationResult> {
  return mapMaybePromise(invalidRequests.countAlways({ errors }, caller), resultOfCount);
}

/** What is told of a request that was counted, or refused. */
export function resultOfCount(counted: Counted): OperationResult {
  const { response, isRefused } = counted;
  return { response, admissions: isRefused ? [counted.admission] : [], isRefused };
}

/** What there is to send once limits have decided on an operation, and something has come of it. */
export function resultOf(
  { limitReporter }: Pick<EnterOptions, 'limitReporter'>,
  admission: Admission,
  response: OperationResponse,
  outcome?: CacheOutcome,
  headers?: ReadonlyMap<string, string>,
): OperationResult {
  return { response: limitReporter.extend(response, admission), admissions: [admission], outcome, headers };
}
