import type { Logger } from 'pino';
import type { Caller } from '../caller/caller.ts';
import type { OperationContext, RequestContext } from '../context.ts';
import type { Admission } from '../rate-limit/index.ts';
import { presentError } from './errors.ts';
import type { GraphQLResponse, GraphQLServer } from './graphql-server.ts';
import type { LimitReporter } from './limit-reporter.ts';
import type { GraphQLParams } from './params.ts';

export interface RunOptions {
  readonly server: GraphQLServer;
  /** Makes the context of one operation. */
  readonly createContext: (request: RequestFacts) => Promise<OperationContext>;
  readonly limits: LimitReporter;
  readonly log: Logger;
}

/** What is known of a request before its operations have contexts. */
export type RequestFacts = Pick<RequestContext, 'requestId' | 'method' | 'caller'>;

/** What a request has come to: the answer to its operation, or to each of its batch, and the verdicts on them. */
export interface Answered {
  readonly answer: GraphQLResponse | readonly GraphQLResponse[];
  readonly admissions: readonly Admission[];
  /** Header fields of the response, by name. */
  readonly headers?: ReadonlyMap<string, string>;
}

interface AnsweredOne extends Answered {
  readonly answer: GraphQLResponse;
}

/** Runs the operations of a request at the same time, each with a context of its own. */
export async function run(
  options: RunOptions,
  facts: RequestFacts,
  params: GraphQLParams | readonly GraphQLParams[],
): Promise<Answered> {
  if (!isBatch(params)) {
    const context = await options.createContext(facts);
    return { ...(await runOne(options, context, params)), headers: context.headers };
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
    return await runOne(options, await options.createContext(facts), params);
  } catch (error) {
    const presented = presentError(error, { log: options.log, requestId: facts.requestId });
    return counted(options, { errors: [presented] }, facts.caller);
  }
}

async function runOne(
  options: RunOptions,
  context: OperationContext,
  params: GraphQLParams,
): Promise<AnsweredOne> {
  const answer = await options.server.execute(params, context);
  const { admission } = context.progress;
  return admission === undefined
    ? counted(options, answer, context.caller)
    : { answer, admissions: [admission] };
}

function isBatch(params: GraphQLParams | readonly GraphQLParams[]): params is readonly GraphQLParams[] {
  return Array.isArray(params);
}
