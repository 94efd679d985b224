import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import type { Caller } from '../caller/caller.ts';
import type { RequestContext } from '../context.ts';
import { clientError } from '../errors.ts';
import type { Cors } from './cors.ts';
import { presentError } from './errors.ts';
import { respondWithGraphiQL } from './graphiql.ts';
import type { GraphQLResponse, GraphQLServer } from './graphql-server.ts';
import { negotiate, type JsonMediaType, type Negotiated } from './media-type.ts';
import { paramsFromSearch, type GraphQLParams } from './params.ts';
import { respondAlive, respondReady, type Readiness } from './probes.ts';
import type { ReadParams } from './read-params.ts';
import { respond } from './respond.ts';

export interface FrontOptions {
  readonly server: GraphQLServer;
  /** Says who asks. Rejects with a client error if the request's key or token is not good. */
  readonly identify: (request: IncomingMessage) => Caller | Promise<Caller>;
  /** Makes the context of one operation. */
  readonly createContext: (request: RequestFacts) => Promise<RequestContext>;
  readonly readParams: ReadParams;
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

/** The HTTP listener in front of the GraphQL server: all of a request that is not GraphQL. */
export function createFront(options: FrontOptions): RequestListener {
  return (request, response) => {
    const exchange = { request, response, requestId: randomUUID() };
    response.setHeader('X-Request-Id', exchange.requestId);
    options.cors(request, response, () => {
      route(options, exchange).catch((error: unknown) => {
        fail(options, exchange, error, 'application/json');
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
  const { request, response, requestId } = exchange;
  const accepted = negotiate(request.headers.accept, {
    stream: options.server.stream !== undefined,
    html: request.method === 'GET',
  });
  const mediaType = accepted.kind === 'json' ? accepted.mediaType : 'application/json';
  response.setHeader('Cache-Control', 'no-store');
  try {
    const method = checkMethod(exchange);
    if (accepted.kind === 'none') throw notAcceptable(request);
    // Also with a query: GraphiQL keeps the one that is being edited in its URL.
    if (accepted.kind === 'html') {
      await respondWithGraphiQL(response);
      return;
    }
    const facts: RequestFacts = { requestId, method, caller: await options.identify(request) };
    if (options.server.stream !== undefined && needsStream(request, accepted)) {
      await options.server.stream(request, response, await options.createContext(facts));
      return;
    }
    const params = method === 'GET' ? paramsFromSearch(search) : await options.readParams(request, response);
    respond(response, await run(options, exchange, facts, params), mediaType);
  } catch (error) {
    fail(options, exchange, error, mediaType);
  }
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
): Promise<GraphQLResponse | readonly GraphQLResponse[]> {
  if (isBatch(params)) {
    return Promise.all(
      params.map(async (operation) => {
        try {
          return await options.server.execute(operation, await options.createContext(facts));
        } catch (error) {
          // One that fails leaves the others their answers.
          return { errors: [presentError(error, { log: options.log, requestId: facts.requestId })] };
        }
      }),
    );
  }
  const context = await options.createContext(facts);
  const answer = await options.server.execute(params, context);
  for (const [name, value] of context.headers) response.setHeader(name, value);
  return answer;
}

function isBatch(params: GraphQLParams | readonly GraphQLParams[]): params is readonly GraphQLParams[] {
  return Array.isArray(params);
}

function fail(options: FrontOptions, exchange: Exchange, error: unknown, mediaType: JsonMediaType): void {
  const { response, requestId } = exchange;
  const presented = presentError(error, { log: options.log, requestId });
  if (response.headersSent) response.destroy();
  else respond(response, { errors: [presented] }, mediaType);
}
