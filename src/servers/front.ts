import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { tiers, type Caller } from '../caller/caller.ts';
import type { OperationContext, RequestContext } from '../context.ts';
import { clientError } from '../errors.ts';
import type { Admission } from '../rate-limit/index.ts';
import type { Cors } from './cors.ts';
import { presentError } from './errors.ts';
import { respondWithGraphiQL } from './graphiql.ts';
import type { GraphQLResponse, GraphQLServer } from './graphql-server.ts';
import type { LimitReporter } from './limit-reporter.ts';
import { negotiate, type JsonMediaType, type Negotiated } from './media-type.ts';
import { paramsFromSearch, type GraphQLParams } from './params.ts';
import { respondAlive, respondReady, type Readiness } from './probes.ts';
import type { ReadParams } from './read-params.ts';
import { respond } from './respond.ts';

export interface FrontOptions {
  readonly server: GraphQLServer;
  /** The address that a request is counted by. */
  readonly addressOf: (request: IncomingMessage) => string;
  /** Says who asks. Rejects with a client error if the request's key or token is not good. */
  readonly identify: (request: IncomingMessage) => Caller | Promise<Caller>;
  /** Makes the context of one operation. */
  readonly createContext: (request: RequestFacts) => Promise<OperationContext>;
  readonly readParams: ReadParams;
  readonly limits: LimitReporter;
  /** The HTTP status of an operation that limits reject, for clients that accept `application/json`. */
  readonly rejectStatus: 429 | 200;
  readonly cors: Cors;
  readonly readiness: Readiness;
  readonly log: Logger;
}

/** What the front knows of a request. */
export type RequestFacts = Pick<RequestContext, 'requestId' | 'method' | 'caller'>;

/** One request and its response. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
}

/** What an exchange has come to: the answer to its operation, or to each of its batch, and the verdicts on them. */
interface Answered {
  readonly answer: GraphQLResponse | readonly GraphQLResponse[];
  readonly admissions: readonly Admission[];
}

/** The HTTP listener in front of the GraphQL server: all of a request that is not GraphQL. */
export function createFront(options: FrontOptions): RequestListener {
  return (request, response) => {
    const exchange = { request, response, requestId: randomUUID() };
    response.setHeader('X-Request-Id', exchange.requestId);
    options.cors(request, response, () => {
      route(options, exchange).catch((error: unknown) => {
        fail(options, exchange, error);
      });
    });
  };
}

async function route(options: FrontOptions, exchange: Exchange): Promise<void> {
  const url = URL.parse(exchange.request.url ?? '/', 'http://localhost');
  switch (url?.pathname) {
    case '/graphql':
      return graphql(options, exchange, url.searchParams);
    case '/health':
      respondAlive(exchange.response);
      return;
    case '/ready':
      return respondReady(exchange.response, options.readiness);
    default:
      throw clientError(
        'NOT_FOUND',
        `There is nothing at ${url?.pathname ?? 'this URL'}. GraphQL is at /graphql.`,
      );
  }
}

/** identify → read → run → write */
async function graphql(options: FrontOptions, exchange: Exchange, search: URLSearchParams): Promise<void> {
  const { request, response } = exchange;
  const accepted = negotiate(request.headers.accept, {
    stream: options.server.stream !== undefined,
    html: request.method === 'GET',
  });
  const mediaType = accepted.kind === 'json' ? accepted.mediaType : 'application/json';
  response.setHeader('Cache-Control', 'no-store');
  let caller: Caller = { ip: options.addressOf(request), tiers: [tiers.anonymous] };
  try {
    const method = checkMethod(exchange);
    if (accepted.kind === 'none') throw notAcceptable(request);
    // Also with a query: GraphiQL keeps the one that is being edited in its URL.
    if (accepted.kind === 'html') {
      await respondWithGraphiQL(response);
      return;
    }
    caller = await options.identify(request);
    const facts: RequestFacts = { requestId: exchange.requestId, method, caller };
    if (options.server.stream !== undefined && needsStream(request, accepted)) {
      await options.server.stream(request, response, await options.createContext(facts));
      return;
    }
    const params = method === 'GET' ? paramsFromSearch(search) : await options.readParams(request, response);
    write(options, exchange, await run(options, exchange, facts, params), mediaType);
  } catch (error) {
    const answer = { errors: [presentError(error, { log: options.log, requestId: exchange.requestId })] };
    write(options, exchange, await counted(options, answer, caller), mediaType);
  }
}

function write(
  { limits, rejectStatus }: FrontOptions,
  { response }: Exchange,
  { answer, admissions }: Answered,
  mediaType: JsonMediaType,
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  for (const [name, value] of limits.fields(admissions)) response.setHeader(name, value);
  respond(response, answer, mediaType, rejectStatus);
}

function checkMethod({ request, response }: Exchange): 'GET' | 'POST' {
  if (request.method === 'GET' || request.method === 'POST') return request.method;
  response.setHeader('Allow', 'GET, POST, OPTIONS');
  throw clientError(
    'METHOD_NOT_ALLOWED',
    `GraphQL is asked for by GET or POST, not by ${request.method ?? 'this'}.`,
  );
}

/** Event streams, incremental delivery and uploads are the server's own business. */
function needsStream(request: IncomingMessage, accepted: Negotiated): boolean {
  const isUpload = request.headers['content-type']?.startsWith('multipart/form-data') === true;
  return accepted.kind === 'stream' || (isUpload && request.method === 'POST');
}

function notAcceptable({ headers: { accept = '' } }: IncomingMessage): GraphQLError {
  return clientError(
    'NOT_ACCEPTABLE',
    `The answer cannot be had as "${accept}". Accept "application/json" or "application/graphql-response+json".`,
  );
}

/** Runs the operations of a request at the same time, each with a context of its own. */
async function run(
  options: FrontOptions,
  { response }: Exchange,
  facts: RequestFacts,
  params: GraphQLParams | readonly GraphQLParams[],
): Promise<Answered> {
  if (isBatch(params)) {
    const answers = await Promise.all(params.map((operation) => runOfBatch(options, facts, operation)));
    return {
      answer: answers.map(({ answer }) => answer),
      admissions: answers.flatMap(({ admissions }) => admissions),
    };
  }
  const context = await options.createContext(facts);
  const answered = await runOne(options, context, params);
  for (const [name, value] of context.headers) response.setHeader(name, value);
  return answered;
}

/** One that fails leaves the others their answers. */
async function runOfBatch(
  options: FrontOptions,
  facts: RequestFacts,
  params: GraphQLParams,
): Promise<AnsweredOne> {
  try {
    return await runOne(options, await options.createContext(facts), params);
  } catch (error) {
    const presented = presentError(error, { log: options.log, requestId: facts.requestId });
    return { answer: { errors: [presented] }, admissions: [] };
  }
}

interface AnsweredOne extends Answered {
  readonly answer: GraphQLResponse;
}

async function runOne(
  options: FrontOptions,
  context: OperationContext,
  params: GraphQLParams,
): Promise<AnsweredOne> {
  const answer = await options.server.execute(params, context);
  const { admission } = context.progress;
  return admission === undefined
    ? counted(options, answer, context.caller)
    : { answer, admissions: [admission] };
}

/** The answer to a request, counted if it never became an operation. */
async function counted(
  { limits }: FrontOptions,
  response: GraphQLResponse,
  caller: Caller,
): Promise<AnsweredOne> {
  const { answer, admission } = await limits.count(response, caller);
  return { answer, admissions: admission === undefined ? [] : [admission] };
}

function isBatch(params: GraphQLParams | readonly GraphQLParams[]): params is readonly GraphQLParams[] {
  return Array.isArray(params);
}

/** Ends a request that is none of GraphQL's, or that not even an error could be written to. */
function fail({ log }: FrontOptions, { response, requestId }: Exchange, error: unknown): void {
  const presented = presentError(error, { log, requestId });
  if (response.headersSent) response.destroy();
  else respond(response, { errors: [presented] }, 'application/json');
}
