import type { IncomingMessage } from 'node:http';
import type { MaybePromise } from '@whatwg-node/promise-helpers';
import type { GraphQLError } from 'graphql';
import { type Caller, tiers } from '../caller/caller.ts';
import type { Engine } from '../engines/engine.ts';
import { clientError } from '../errors.ts';
import type { RequestFacts } from '../operation/context.ts';
import { presentError } from '../operation/present-errors.ts';
import { type Answered, counted, run, type RunOptions } from '../operation/run.ts';
import { mapMaybePromise, recover } from '../util/promises.ts';
import { type Exchange, setCommonFields } from './exchange.ts';
import { respondWithGraphiQL } from './graphiql.ts';
import { readCacheControl } from './request/cache-control.ts';
import { createNegotiate, type Negotiated } from './request/media-type.ts';
import { methods } from './request/methods.ts';
import { paramsFromSearch } from './request/params.ts';
import type { ReadParams } from './request/read-params.ts';
import type { MakeReply } from './response/response.ts';
import { respond } from './response/send.ts';

export interface GraphQLRouteOptions extends RunOptions {
  /** Answers event streams and uploads, where it can. */
  readonly stream: Engine['stream'];
  /** The address that a request is counted by. */
  readonly addressOf: (request: IncomingMessage) => string;
  /** Says who asks. Throws or rejects with a client error if the request's key or token is not good. */
  readonly identify: (request: IncomingMessage) => MaybePromise<Caller>;
  readonly readParams: ReadParams;
  /** Whether a caller may ask for fresh answers. */
  readonly mayBypassCache: (caller: Caller) => boolean;
  readonly makeReply: MakeReply;
}

/** Answers the requests to `/graphql`: identify caller → read → run → write. */
export function createGraphQLRoute(
  options: GraphQLRouteOptions,
): (exchange: Exchange, search: URLSearchParams) => MaybePromise<void> {
  const { log, addressOf, identify, readParams, mayBypassCache, makeReply } = options;
  const stream = options.stream !== undefined;
  const negotiateForPage = createNegotiate({ stream, html: true });
  const negotiate = createNegotiate({ stream, html: false });

  /** Does a step of an exchange. Where that fails, the client is told as GraphQL tells it, and it may count. */
  function attempt(exchange: Exchange, step: () => MaybePromise<Answered | undefined>): MaybePromise<void> {
    const writeIt = (answered: Answered | undefined): void => {
      if (answered !== undefined) write(exchange, answered);
    };
    return recover(
      () => mapMaybePromise(step(), writeIt),
      (error) => mapMaybePromise(failure(exchange, error), writeIt),
    );
  }

  function failure({ request, requestId, caller }: Exchange, error: unknown): MaybePromise<Answered> {
    const errors = [presentError(error, { log, requestId })];
    return counted(options, { errors }, caller ?? { ip: addressOf(request), tiers: [tiers.anonymous] });
  }

  function write(exchange: Exchange, answered: Answered): void {
    const { response } = exchange;
    if (response.headersSent) response.destroy();
    else respond(response, makeReply(exchange, answered));
  }

  function begin(exchange: Exchange, search: URLSearchParams): MaybePromise<Answered | undefined> {
    const { request } = exchange;
    const { method = '' } = request;
    const isRead = method === 'GET' || method === 'HEAD';
    const accepted = (isRead ? negotiateForPage : negotiate)(request.headers.accept);
    if (accepted.kind === 'json') exchange.mediaType = accepted.mediaType;
    checkMethod(method);
    if (accepted.kind === 'none') throw notAcceptable(request);
    // Also with a query: GraphiQL keeps the one that is being edited in its URL.
    if (accepted.kind === 'html') return page(exchange);
    return mapMaybePromise(identify(request), (caller): MaybePromise<Answered | undefined> => {
      exchange.caller = caller;
      const facts = {
        requestId: exchange.requestId,
        method,
        caller,
        requestCacheControl: wishesOf(request, caller),
      };
      if (stream && needsStream(request, accepted)) return streamed(exchange, facts);
      if (isRead) return run(options, facts, paramsFromSearch(search));
      readAndRun(exchange, facts);
      return undefined;
    });
  }

  function readAndRun(exchange: Exchange, facts: RequestFacts): void {
    readParams(exchange.request, exchange.response, (params) => {
      void recover(
        () =>
          attempt(exchange, () => {
            if (params instanceof Error) throw params;
            return run(options, facts, params);
          }),
        () => {
          exchange.response.destroy();
        },
      );
    });
  }

  async function streamed(
    { request, response, ...exchange }: Exchange,
    facts: RequestFacts,
  ): Promise<undefined> {
    setCommonFields({ request, response, ...exchange });
    const context = await options.createContext({ ...facts, progress: { isStream: true } });
    await options.stream?.(request, response, context);
  }

  function wishesOf({ headers }: IncomingMessage, caller: Caller): RequestFacts['requestCacheControl'] {
    const field = headers['cache-control'];
    return field !== undefined && mayBypassCache(caller) ? readCacheControl(field) : undefined;
  }

  return (exchange, search) => attempt(exchange, () => begin(exchange, search));
}

async function page(exchange: Exchange): Promise<undefined> {
  setCommonFields(exchange);
  exchange.response.setHeader('Cache-Control', 'no-store');
  await respondWithGraphiQL(exchange.response);
}

function checkMethod(method: string): void {
  if (!methods.has(method)) {
    throw clientError('METHOD_NOT_ALLOWED', `GraphQL is asked for by GET or POST, not by ${method}.`);
  }
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
