import { handleMaybePromise, isPromise, type MaybePromise } from '@whatwg-node/promise-helpers';
import { type GraphQLError, OperationTypeNode } from 'graphql';
import { hasCode } from '../errors.ts';
import { type AnswerCache, cacheRequestOf, type Entry } from '../response-cache/index.ts';
import type { Background } from '../util/background.ts';
import { workWithin } from '../util/lifetime.ts';
import { mapMaybePromise, recover } from '../util/promises.ts';
import type { CreateContext, OperationContext } from './context.ts';
import { type CostBounds, CostBudget } from './cost-budget.ts';
import { counted, enter, type EnterOptions, resultOf } from './enter.ts';
import type { GraphQLParams } from './graphql-params.ts';
import type { Lifetimes, OperationLifetime } from './lifetimes.ts';
import { presentError } from './present-errors.ts';
import type { GraphQLResponse } from './response.ts';
import type { OperationResult, RunResult } from './run-result.ts';
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

export interface RunOptions extends EnterOptions {
  readonly cache: AnswerCache;
  readonly createContext: CreateContext;
  readonly execute: Execute;
  readonly lifetimes: Lifetimes;
  /** What the operations of a batch may cost together. */
  readonly bounds: CostBounds;
  /** What goes on after the response. */
  readonly background: Background;
}

/** Runs the operations of a request at the same time. Throws or rejects where the only one fails unexpectedly. */
export function run(
  options: RunOptions,
  request: IdentifiedRequest,
  params: GraphQLParams | readonly GraphQLParams[],
): MaybePromise<RunResult> {
  return isBatch(params) ? runBatch(options, request, params) : runOne(options, request, params);
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

/** enter → answer from cache, or join one in flight, or execute */
function runOne(
  options: RunOptions,
  request: IdentifiedRequest,
  params: GraphQLParams,
  budget?: CostBudget,
): MaybePromise<OperationResult> {
  return enter(options, request, params, { delivery: 'whole', budget }, (admitted) =>
    answerOrExecute(options, admitted),
  );
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
  { prepared: { operation, read, request, isShared }, admission, lookUp }: Admitted,
): MaybePromise<Entry | undefined> {
  if (admission.isDenied || !isShared) return undefined;
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
export function contextOf(
  { createContext }: Pick<RunOptions, 'createContext'>,
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

/** Whether a request asks for a list of operations, even if that has one. */
export function isBatch(
  params: GraphQLParams | readonly GraphQLParams[],
): params is readonly GraphQLParams[] {
  return Array.isArray(params);
}
