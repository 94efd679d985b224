import { handleMaybePromise, type MaybePromise } from '@whatwg-node/promise-helpers';
import type { DocumentNode } from 'graphql';
import type { Logger } from 'pino';
import type { Caller } from '../caller/caller.ts';
import { type AnswerCache, enterCache } from '../response-cache/index.ts';
import type { Background } from '../util/background.ts';
import { mapMaybePromise } from '../util/promises.ts';
import type { Admit } from './admit.ts';
import type { CreateContext, OperationContext, OperationFacts, Progress, RequestFacts } from './context.ts';
import type { Documents } from './documents.ts';
import type { LimitReporter } from './limit-reporter.ts';
import type { GraphQLParams } from './params.ts';
import { presentError } from './present-errors.ts';
import type { GraphQLResponse, OperationResponse } from './response.ts';

/** An operation that has been read, identified, parsed, validated and admitted: all that is left is to execute it. */
export interface ReadyOperation extends GraphQLParams {
  readonly document: DocumentNode;
  /** As they were sent. Who has coerced them knows them again by this object. */
  readonly variables: NonNullable<GraphQLParams['variables']>;
}

/** Executes an operation; its errors are in the response. */
export type Execute = (operation: ReadyOperation, context: OperationContext) => MaybePromise<GraphQLResponse>;

export interface RunOptions {
  readonly documents: Documents;
  readonly admit: Admit;
  readonly cache: AnswerCache;
  readonly createContext: CreateContext;
  readonly execute: Execute;
  readonly limits: LimitReporter;
  /** What goes on after the response. */
  readonly background: Background;
  readonly log: Logger;
}

/** What a request has come to: the answer to its operation, or to each of its batch, and the decisions on them. */
export interface Answered {
  readonly answer: OperationResponse | readonly OperationResponse[];
  readonly admissions: readonly NonNullable<Progress['admission']>[];
  /** Header fields that resolvers have set, by name. */
  readonly headers?: ReadonlyMap<string, string> | undefined;
  /** What the cache has to do with it. */
  readonly outcome?: Progress['outcome'];
}

interface AnsweredOne extends Answered {
  readonly answer: OperationResponse;
}

/** Runs the operations of a request at the same time. Throws or rejects where the only one fails unexpectedly. */
export function run(
  options: RunOptions,
  facts: RequestFacts,
  params: GraphQLParams | readonly GraphQLParams[],
): MaybePromise<Answered> {
  return isBatch(params)
    ? runBatch(options, facts, params)
    : runOne(options, { ...facts, progress: {} }, params);
}

/** The answer to a request that may never have become an operation, counted if so. */
export function counted(
  { limits }: Pick<RunOptions, 'limits'>,
  response: GraphQLResponse,
  caller: Caller,
): MaybePromise<AnsweredOne> {
  return mapMaybePromise(limits.count(response, caller), ({ answer, admission }) => ({
    answer,
    admissions: admission === undefined ? [] : [admission],
  }));
}

async function runBatch(
  options: RunOptions,
  facts: RequestFacts,
  batch: readonly GraphQLParams[],
): Promise<Answered> {
  const answers = await Promise.all(batch.map((params) => runOfBatch(options, facts, params)));
  return {
    answer: answers.map(({ answer }) => answer),
    admissions: answers.flatMap(({ admissions }) => admissions),
  };
}

/** One that fails leaves the others their answers. */
async function runOfBatch(
  options: RunOptions,
  facts: RequestFacts,
  params: GraphQLParams,
): Promise<AnsweredOne> {
  try {
    return await runOne(options, { ...facts, progress: {} }, params);
  } catch (error) {
    const presented = presentError(error, { log: options.log, requestId: facts.requestId });
    return counted(options, { errors: [presented] }, facts.caller);
  }
}

/** prepare operation → admit → answer from cache, or join one in flight, or execute */
function runOne(
  options: RunOptions,
  facts: OperationFacts,
  params: GraphQLParams,
): MaybePromise<AnsweredOne> {
  const read = options.documents(params.query);
  if (read.document === undefined) return counted(options, { errors: read.errors }, facts.caller);
  const { query, operationName, variables = {} } = params;
  const operation = { query, operationName, variables, document: read.document };
  return mapMaybePromise(options.admit(operation, facts, 'execute'), (refusal) =>
    refusal === undefined
      ? answerOrExecute(options, facts, operation)
      : conclude(options, facts, { errors: refusal }),
  );
}

function answerOrExecute(
  options: RunOptions,
  facts: OperationFacts,
  operation: ReadyOperation,
): MaybePromise<AnsweredOne> {
  const { progress } = facts;
  const given = enterCache(options.cache, facts, operation.variables);
  return mapMaybePromise(given, (answer): MaybePromise<AnsweredOne> => {
    if (answer === undefined) return execute(options, facts, operation);
    progress.admission?.finish(progress.outcome?.how === 'hit');
    if (progress.refreshed !== undefined) {
      options.background.add(refresh(options, facts, operation).finally(progress.refreshed));
    }
    return conclude(options, facts, { data: null });
  });
}

function execute(
  options: RunOptions,
  facts: OperationFacts,
  operation: ReadyOperation,
): MaybePromise<AnsweredOne> {
  return handleMaybePromise(
    () =>
      mapMaybePromise(options.createContext(facts), (context) =>
        mapMaybePromise(options.execute(operation, context), (response) =>
          mapMaybePromise(conclude(options, facts, response), (answered) => ({
            ...answered,
            headers: context.headers,
          })),
        ),
      ),
    (answered) => answered,
    undefined,
    // Whatever has gone wrong, nobody must wait for an answer that will not come.
    () => facts.progress.flight?.abandon(),
  );
}

/** What there is to send once an operation has come to a response, or to an answer of the cache in its place. */
function conclude(
  { limits }: RunOptions,
  { caller, progress }: OperationFacts,
  response: GraphQLResponse,
): MaybePromise<AnsweredOne> {
  const { admission, outcome } = progress;
  if (admission === undefined) return counted({ limits }, response, caller);
  const answer = outcome?.answer === undefined ? response : { body: outcome.answer.body };
  return { answer: limits.extend(answer, admission), admissions: [admission], outcome };
}

/** Makes a fresh answer in place of one that has been given, in a context of its own and at nobody's expense. */
async function refresh(options: RunOptions, facts: OperationFacts, operation: ReadyOperation): Promise<void> {
  const { admission } = facts.progress;
  try {
    await runOne(options, { ...facts, progress: { admission, isRefresh: true } }, operation);
  } catch (error) {
    presentError(error, { log: options.log, requestId: facts.requestId });
  }
}

function isBatch(params: GraphQLParams | readonly GraphQLParams[]): params is readonly GraphQLParams[] {
  return Array.isArray(params);
}
