import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { GraphQLError } from 'graphql';
import { tiers, type Caller } from '../caller/caller.ts';
import type { Clock } from '../clock.ts';
import type { RequestFacts } from '../context.ts';
import { clientError } from '../errors.ts';
import { appendVary, cacheFields, isForOne } from './cache-fields.ts';
import type { Cors } from './cors.ts';
import { presentError } from './errors.ts';
import { respondWithGraphiQL } from './graphiql.ts';
import { negotiate, type JsonMediaType, type Negotiated } from './media-type.ts';
import { isNotModified } from './not-modified.ts';
import { paramsFromSearch } from './params.ts';
import { respondAlive, respondReady, type Readiness } from './probes.ts';
import type { ReadParams } from './read-params.ts';
import { requestDirectives } from './request-directives.ts';
import { isWhole, respond } from './respond.ts';
import { counted, run, type Answered, type RunOptions } from './run.ts';

export interface FrontOptions extends RunOptions {
  /** The address that a request is counted by. */
  readonly addressOf: (request: IncomingMessage) => string;
  /** Says who asks. Rejects with a client error if the request's key or token is not good. */
  readonly identify: (request: IncomingMessage) => Caller | Promise<Caller>;
  readonly readParams: ReadParams;
  /** The HTTP status of an operation that limits reject, for clients that accept `application/json`. */
  readonly rejectStatus: 429 | 200;
  readonly cors: Cors;
  readonly readiness: Readiness;
  /** The header fields that say who asks. */
  readonly identifyingFields: readonly string[];
  /** Whether a caller may ask for fresh answers. */
  readonly mayBypassCache: (caller: Caller) => boolean;
  readonly clock: Clock;
}

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
    html: request.method === 'GET' || request.method === 'HEAD',
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
    const facts: RequestFacts = {
      requestId: exchange.requestId,
      method,
      caller,
      cacheWishes: options.mayBypassCache(caller)
        ? requestDirectives(request.headers['cache-control'])
        : undefined,
    };
    if (options.server.stream !== undefined && needsStream(request, accepted)) {
      await options.server.stream(request, response, await options.createContext(facts, { isStream: true }));
      return;
    }
    const params = method === 'POST' ? await options.readParams(request, response) : paramsFromSearch(search);
    write(options, exchange, await run(options, facts, params), mediaType);
  } catch (error) {
    const answer = { errors: [presentError(error, { log: options.log, requestId: exchange.requestId })] };
    write(options, exchange, await counted(options, answer, caller), mediaType);
  }
}

function write(
  { limits, rejectStatus, clock, identifyingFields }: FrontOptions,
  { request, response }: Exchange,
  { answer, admissions, headers = new Map(), outcome }: Answered,
  mediaType: JsonMediaType,
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const report = {
    outcome,
    // What resolvers have set is for this client only, which caches on the way could not know.
    isWhole: isWhole(answer) && headers.size === 0,
    isLimited: admissions.some(({ isLimited }) => isLimited),
    now: clock.now(),
  };
  const kept = cacheFields(report);
  for (const [name, value] of [...headers, ...limits.fields(admissions), ...kept]) {
    response.setHeader(name, value);
  }
  appendVary(response, ['Accept', ...(isForOne(report) ? identifyingFields : [])]);
  // Not the header field, which a resolver may have set.
  const [, etag] = kept.find(([name]) => name === 'ETag') ?? [];
  if (etag !== undefined && isNotModified(request, etag)) response.writeHead(304).end();
  else respond(response, answer, mediaType, rejectStatus);
}

function checkMethod({ request, response }: Exchange): 'GET' | 'HEAD' | 'POST' {
  const { method } = request;
  if (method === 'GET' || method === 'HEAD' || method === 'POST') return method;
  response.setHeader('Allow', 'GET, HEAD, POST, OPTIONS');
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

/** Ends a request that is none of GraphQL's, or that not even an error could be written to. */
function fail({ log }: FrontOptions, { response, requestId }: Exchange, error: unknown): void {
  const presented = presentError(error, { log, requestId });
  if (response.headersSent) response.destroy();
  else respond(response, { errors: [presented] }, 'application/json');
}
