import type { Logger } from 'pino';
import type { Background } from '../background.ts';
import type { Caller } from '../caller/caller.ts';
import type { CreateContext, OperationContext, Progress, RequestFacts } from '../context.ts';
import type { Admission } from '../rate-limit/index.ts';
import { presentError } from './errors.ts';
import type { GraphQLResponse, GraphQLServer, OneResponse } from './graphql-server.ts';
import type { LimitReporter } from './limit-reporter.ts';
import type { GraphQLParams } from './params.ts';

export interface RunOptions {
  readonly server: GraphQLServer;
  readonly createContext: CreateContext;
  readonly limits: LimitReporter;
  /** What goes on after the response. */
  readonly background: Background;
  readonly log: Logger;
}

/** What a request has come to: the answer to its operation, or to each of its batch, and the verdicts on them. */
export interface Answered {
  readonly answer: OneResponse | readonly OneResponse[];
  readonly admissions: readonly Admission[];
  /** Header fields of the response, by name. */
  readonly headers?: ReadonlyMap<string, string>;
  /** What the cache has to do with it. */
  readonly outcome?: Progress['outcome'];
}

interface AnsweredOne extends Answered {
  readonly answer: OneResponse;
}

/** Runs the operations of a request at the same time, each with a context of its own. */
export async function run(
  options: RunOptions,
  facts: RequestFacts,
  params: GraphQLParams | readonly GraphQLParams[],
): Promise<Answered> {
  if (!isBatch(params)) {
    const context = await options.createContext(facts);
    const answered = await runOne(options, facts, context, params);
    return { ...answered, headers: context.headers, outcome: context.progress.outcome };
  }
  const answers = await Promise.all(params.map((operation) => runOfBatch(options, facts, operation)));
  return {
    answer: answers.map(({ answer }) => answer),
    admissions: answers.flatMap(({ admissions }) => admissions),
  };
}

/** The answer to a request that may never have become an operation, counted if so. */
export async function counted(
  { limits }: Pick<RunOptions, 'limits'>,
  response: GraphQLResponse,
  caller: Caller,
): Promise<AnsweredOne> {
  const { answer, admission } = await limits.count(response, caller);
  return { answer, admissions: admission === undefined ? [] : [admission] };
}

/** One that fails leaves the others their answers. */
async function runOfBatch(
  options: RunOptions,
  facts: RequestFacts,
  params: GraphQLParams,
): Promise<AnsweredOne> {
  try {
    return await runOne(options, facts, await options.createContext(facts), params);
  } catch (error) {
    const presented = presentError(error, { log: options.log, requestId: facts.requestId });
    return counted(options, { errors: [presented] }, facts.caller);
  }
}

async function runOne(
  options: RunOptions,
  facts: RequestFacts,
  context: OperationContext,
  params: GraphQLParams,
): Promise<AnsweredOne> {
  const answer = await execute(options, context, params).finally(() => {
    const { refreshed, admission } = context.progress;
    if (refreshed === undefined) return;
    options.background.add(refresh(options, facts, params, admission).finally(refreshed));
  });
  const { admission, outcome } = context.progress;
  if (admission === undefined) return counted(options, answer, context.caller);
  const response = outcome?.answer === undefined ? answer : { body: outcome.answer.body };
  return { answer: options.limits.extend(response, admission), admissions: [admission] };
}

async function execute(
  { server }: RunOptions,
  context: OperationContext,
  params: GraphQLParams,
): Promise<GraphQLResponse> {
  try {
    return await server.execute(params, context);
  } finally {
    // Whatever has gone wrong, nobody must wait for an answer that will not come.
    context.progress.flight?.abandon();
    context.progress.beginning?.making.abandon();
  }
}

/** Makes a fresh answer in place of one that has been given, in a context of its own and at nobody's expense. */
async function refresh(
  options: RunOptions,
  facts: RequestFacts,
  params: GraphQLParams,
  admission: Admission | undefined,
): Promise<void> {
  try {
    await execute(options, await options.createContext(facts, { admission, isRefresh: true }), params);
  } catch (error) {
    presentError(error, { log: options.log, requestId: facts.requestId });
  }
}

function isBatch(params: GraphQLParams | readonly GraphQLParams[]): params is readonly GraphQLParams[] {
  return Array.isArray(params);
}
