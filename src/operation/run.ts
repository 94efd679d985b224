import { handleMaybePromise, isPromise, type MaybePromise } from '@whatwg-node/promise-helpers';
import { type GraphQLError, OperationTypeNode } from 'graphql';
import type { Logger } from 'pino';
import type { Caller } from '../caller/caller.ts';
import { hasCode } from '../errors.ts';
import type { FindText, TextToRun } from '../persisted-documents/index.ts';
import type { Admission } from '../rate-limit/index.ts';
import { type AnswerCache, type CacheOutcome, cacheRequestOf, type Entry } from '../response-cache/index.ts';
import type { Background } from '../util/background.ts';
import { workWithin } from '../util/lifetime.ts';
import { mapMaybePromise, recover } from '../util/promises.ts';
import type { Admit } from './admit.ts';
import type { CreateContext, OperationContext } from './context.ts';
import { type CostBounds, CostBudget } from './cost-budget.ts';
import type { Documents } from './documents.ts';
import type { GraphQLParams } from './graphql-params.ts';
import type { Lifetimes, OperationLifetime } from './lifetimes.ts';
import type { Counted, LimitReporter } from './limit-reporter.ts';
import type { Prepare } from './prepare.ts';
import { presentError } from './present-errors.ts';
import type { GraphQLResponse, OperationResponse } from './response.ts';
import {
  type Admitted,
  type Executing,
  executingOf,
  type IdentifiedRequest,
  type ReadOperation,
  StageHolder,
} from './stages.ts';

/**
 * Executes an operation; its errors are in the response.
 * @internal
 */
export type Execute = (operation: ReadOperation, context: OperationContext) => MaybePromise<GraphQLResponse>;

export interface RunOptions {
  readonly findText: FindText;
  readonly documents: Documents;
  readonly prepare: Prepare;
  readonly admit: Admit;
  readonly cache: AnswerCache;
  readonly createContext: CreateContext;
  readonly execute: Execute;
  readonly limitReporter: LimitReporter;
  readonly lifetimes: Lifetimes;
  /** What the operations of a batch may cost together. */
  readonly bounds: CostBounds;
  /** What goes on after the response. */
  readonly background: Background;
  readonly log: Logger;
}

/** What a request has come to: the response to its operation, or to each of its batch, and the decisions on them. */
export interface RunResult {
  readonly response: OperationResponse | readonly OperationResponse[];
  readonly admissions: readonly Admission[];
  /** Header fields that resolvers have set, by name. */
  readonly headers?: ReadonlyMap<string, string> | undefined;
  /** Whether nothing but queries was run, so that the response holds no secret made for the client. */
  readonly isQuery?: boolean;
  /** What the cache has to do with it. */
  readonly outcome?: CacheOutcome | undefined;
}

interface OperationResult extends RunResult {
  readonly response: OperationResponse;
}

/** Runs the operations of a request at the same time. Throws or rejects where the only one fails unexpectedly. */
export function run(
  options: RunOptions,
  request: IdentifiedRequest,
  params: GraphQLParams | readonly GraphQLParams[],
): MaybePromise<RunResult> {
  return isBatch(params) ? runBatch(options, request, params) : runOne(options, request, params);
}

/** The response to a request that may never have become an operation, counted if so. */
export function counted(
  { limitReporter }: Pick<RunOptions, 'limitReporter'>,
  response: GraphQLResponse,
  caller: Caller,
): MaybePromise<OperationResult> {
  return mapMaybePromise(limitReporter.count(response, caller), (told) => ({
    response: told.response,
    admissions: told.admission === undefined ? [] : [told.admission],
  }));
}

/** The response to what is refused before it is looked at. */
export function refusedResult({ response, admission }: Counted): OperationResult {
  return { response, admissions: admission === undefined ? [] : [admission] };
}

async function runBatch(
  options: RunOptions,
  request: IdentifiedRequest,
  batch: readonly GraphQLParams[],
): Promise<RunResult> {
  const sharing = { ...request, room: options.lifetimes.room() };
  const budget = new CostBudget(options.bounds);
  const results = await Promise.all(batch.map((params) => runOfBatch(options, sharing, params, budget)));
  return {
    response: results.map(({ response }) => response),
    admissions: results.flatMap(({ admissions }) => admissions),
    // What is kept answers queries only.
    isQuery: results.every(({ isQuery, outcome }) => isQuery === true || outcome !== undefined),
  };
}

/** One that fails leaves the others their responses. */
async function runOfBatch(
  options: RunOptions,
  request: IdentifiedRequest,
  params: GraphQLParams,
  budget: CostBudget,
): Promise<OperationResult> {
  try {
    return await runOne(options, request, params, budget);
  } catch (error) {
    const presented = presentError(error, { log: options.log, requestId: request.requestId });
    return counted(options, { errors: [presented] }, request.caller);
  }
}

/** find text → read → prepare operation → admit → answer from cache, or join one in flight, or execute */
function runOne(
  options: RunOptions,
  request: IdentifiedRequest,
  params: GraphQLParams,
  budget?: CostBudget,
): MaybePromise<OperationResult> {
  return mapMaybePromise(options.findText(params), (found): MaybePromise<OperationResult> => {
    if (found.text === undefined) return counted(options, { errors: found.errors }, request.caller);
    return runText(options, request, params, found, budget);
  });
}

function runText(
  options: RunOptions,
  request: IdentifiedRequest,
  { operationName, variables = {} }: GraphQLParams,
  { text: query, register }: TextToRun,
  budget: CostBudget | undefined,
): MaybePromise<OperationResult> {
  const refusal = options.documents.isKnown(query)
    ? undefined
    : options.limitReporter.refusal(request.caller);
  return mapMaybePromise(refusal, (refused) =>
    refused === undefined
      ? runAllowed(options, request, { query, operationName, variables }, register, budget)
      : refusedResult(refused),
  );
}

/** Runs a text, unless it is one that nobody knows from an address that has sent too much that is no good. */
function runAllowed(
  options: RunOptions,
  request: IdentifiedRequest,
  { query, operationName, variables }: Omit<ReadOperation, 'document'>,
  register: TextToRun['register'],
  budget: CostBudget | undefined,
): MaybePromise<OperationResult> {
  const known = options.documents(query, request.caller);
  if (known.document === undefined) return counted(options, { errors: known.errors }, request.caller);
  register?.();
  const { document } = known;
  const prepared = options.prepare({ query, document, operationName, variables }, request, 'whole', budget);
  if (prepared.kind === 'invalid') return counted(options, { errors: prepared.errors }, request.caller);
  return mapMaybePromise(options.admit(prepared), (stage): MaybePromise<OperationResult> => {
    switch (stage.kind) {
      case 'invalid':
        return counted(options, { errors: stage.errors }, request.caller);
      case 'rejected':
        return resultOf(options, stage.admission, stage.rejection);
      case 'admitted':
        return answerOrExecute(options, stage);
    }
  });
}

function answerOrExecute(options: RunOptions, admitted: Admitted): MaybePromise<OperationResult> {
  return mapMaybePromise(enterCache(options.cache, admitted), (entry): MaybePromise<OperationResult> => {
    if (entry === undefined) return execute(options, executingOf(admitted));
    if (entry.kind === 'make') return execute(options, executingOf(admitted, entry.flight));
    const { outcome, answer, refreshed } = entry;
    admitted.admission.finish(outcome.how === 'hit');
    if (refreshed !== undefined) options.background.add(refresh(options, admitted).finally(refreshed));
    return resultOf(options, admitted.admission, { body: answer.body }, outcome);
  });
}

/**
 * Asks the cache for the answer to an operation, or to make one; undefined where it has no business with it. An
 * answer that lacks what is denied is of no use to others, and theirs not for this caller.
 */
function enterCache(
  cache: AnswerCache,
  { prepared: { operation, read, request }, admission, lookUp }: Admitted,
): MaybePromise<Entry | undefined> {
  if (admission.isDenied) return undefined;
  const asked = lookUp?.request ?? cacheRequestOf(operation, read.variables, request);
  return asked && cache.enter(asked, lookUp);
}

/** Executes an operation for as long as it may go on. What is asked of it after that waits for nothing more. */
function execute(options: RunOptions, stage: Executing): MaybePromise<OperationResult> {
  const { lifetimes } = options;
  const lifetime = lifetimes.open(stage.prepared, stage.isRefresh);
  const isMutation = stage.prepared.operation.kind === OperationTypeNode.MUTATION;
  const begin = (): MaybePromise<OperationResult> => executeWithin(options, stage, lifetime);
  const close = (): void => {
    lifetimes.close(lifetime);
  };
  // What a mutation has begun it finishes, and its queries with it.
  const result = recover(
    () => (isMutation ? begin() : workWithin(lifetime, begin)),
    (error) => {
      close();
      throw error;
    },
  );
  if (isPromise(result))
    return untilEnded(lifetime, result, close, (reason) => endedBy(options, stage, reason));
  close();
  return result;
}

/** What comes first: the result of an operation, or its end. */
function untilEnded(
  lifetime: OperationLifetime,
  result: Promise<OperationResult>,
  close: () => void,
  ended: (reason: GraphQLError) => MaybePromise<OperationResult>,
): Promise<OperationResult> {
  return new Promise((resolve, reject) => {
    result.then((made) => {
      close();
      resolve(made);
    }, reject);
    lifetime.onEnd((reason) => {
      resolve(
        recover(
          () => ended(reason),
          (error) => Promise.reject(error as Error),
        ),
      );
    });
  });
}

function executeWithin(
  options: RunOptions,
  stage: Executing,
  lifetime: OperationLifetime,
): MaybePromise<OperationResult> {
  const { read } = stage.prepared;
  const holder = new StageHolder(stage, lifetime);
  return handleMaybePromise(
    () =>
      mapMaybePromise(contextOf(options, stage, holder), (context) =>
        mapMaybePromise(options.execute(read, context), (response) => {
          const { outcome } = holder;
          const answered = outcome?.answer === undefined ? response : { body: outcome.answer.body };
          const result = resultOf(options, stage.admission, answered, outcome, context.headers);
          return { ...result, isQuery: stage.prepared.operation.kind === OperationTypeNode.QUERY };
        }),
      ),
    (result) => result,
    undefined,
    // Whatever has gone wrong, nobody must wait for an answer that will not come.
    () => stage.flight?.abandon(),
  );
}

/**
 * The result of an operation that was ended. Whoever waits for its answer goes on at once; what limits count of it is
 * known as soon as what has begun of it is done.
 */
function endedBy(options: RunOptions, stage: Executing, reason: GraphQLError): MaybePromise<OperationResult> {
  const { flight, admission, prepared, isRefresh } = stage;
  const response = { errors: [reason] };
  if (prepared.operation.kind !== OperationTypeNode.MUTATION && !isRefresh) admission.finish(false);
  if (flight === undefined) return resultOf(options, admission, response);
  if (hasCode(reason, 'CLIENT_CLOSED_REQUEST')) {
    flight.leave();
    return resultOf(options, admission, response);
  }
  const made = {
    result: response,
    tags: [],
    restriction: {},
    isFailure: hasCode(reason, 'EXECUTION_TIMEOUT'),
  };
  return mapMaybePromise(options.cache.land(flight, made), (outcome) =>
    resultOf(
      options,
      admission,
      outcome.answer === undefined ? response : { body: outcome.answer.body },
      outcome,
    ),
  );
}

/** The context of an operation. Where there is none, no field of the operation will tell an outcome. */
function contextOf(
  { createContext }: RunOptions,
  { prepared, admission, isRefresh }: Executing,
  holder: StageHolder,
): MaybePromise<OperationContext> {
  return recover(
    () => createContext(prepared.request, holder),
    (error) => {
      if (!isRefresh) admission.finish(false);
      throw error;
    },
  );
}

/** What there is to send once limits have decided on an operation, and something has come of it. */
function resultOf(
  { limitReporter }: RunOptions,
  admission: Admission,
  response: OperationResponse,
  outcome?: CacheOutcome,
  headers?: ReadonlyMap<string, string>,
): OperationResult {
  return { response: limitReporter.extend(response, admission), admissions: [admission], outcome, headers };
}

/** Makes a fresh answer in place of one that has been given, in a context of its own and at nobody's expense. */
async function refresh(options: RunOptions, admitted: Admitted): Promise<void> {
  const { operation, read, request } = admitted.prepared;
  try {
    const asked = cacheRequestOf(operation, read.variables, request);
    if (asked === undefined) return;
    const entry = await options.cache.enter({ ...asked, mayRead: false });
    if (entry.kind !== 'make') return;
    await execute(options, executingOf(admitted, entry.flight, true));
  } catch (error) {
    presentError(error, { log: options.log, requestId: request.requestId });
  }
}

function isBatch(params: GraphQLParams | readonly GraphQLParams[]): params is readonly GraphQLParams[] {
  return Array.isArray(params);
}
