import type { IncomingMessage } from 'node:http';
import type { MaybePromise } from '@whatwg-node/promise-helpers';
import { type Caller, tiers } from '../caller/caller.ts';
import type { Engine } from '../engines/engine.ts';
import { clientError } from '../errors.ts';
import { notInMediaType } from '../operation/not-acceptable.ts';
import { presentError } from '../operation/present-errors.ts';
import { counted, refusedResult, run, type RunOptions, type RunResult } from '../operation/run.ts';
import { type IdentifiedRequest, StageHolder } from '../operation/stages.ts';
import { mapMaybePromise, recover } from '../util/promises.ts';
import { type Exchange, type NegotiatedExchange, setCommonFields } from './exchange.ts';
import { readCacheControl } from './request/cache-control.ts';
import { isUpload, refuseForgery } from './request/forgery.ts';
import { createNegotiate, type Negotiated } from './request/media-type.ts';
import { methods } from './request/methods.ts';
import { paramsFromSearch } from './request/parse-params.ts';
import type { ReadParams } from './request/read-params.ts';
import type { MakeResponse } from './response/make-response.ts';
import { send } from './response/send.ts';

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
  readonly makeResponse: MakeResponse;
  /** Answers browsers that ask for a page; absent where there is none. */
  readonly page: ((exchange: Exchange) => MaybePromise<undefined>) | undefined;
}

/** Answers the requests to `/graphql`: identify caller → read → run → write. */
export function createGraphQLRoute(
  options: GraphQLRouteOptions,
): (exchange: Exchange, search: URLSearchParams) => MaybePromise<void> {
  const { log, addressOf, identify, readParams, mayBypassCache, makeResponse, page } = options;
  const canStream = options.stream !== undefined;
  const negotiateForPage = createNegotiate({ stream: canStream, html: page !== undefined });
  const negotiate = createNegotiate({ stream: canStream, html: false });

  /** Does a step of an exchange. Where that fails, the client is told as GraphQL tells it, and it may count. */
  function attempt(
    exchange: NegotiatedExchange,
    caller: Caller | undefined,
    step: () => MaybePromise<RunResult | undefined>,
  ): MaybePromise<void> {
    const writeIt = (result: RunResult | undefined): MaybePromise<void> =>
      result === undefined ? undefined : write(exchange, result);
    return recover(
      () => mapMaybePromise(step(), writeIt),
      (error) => mapMaybePromise(failure(exchange, caller, error), writeIt),
    );
  }

  function failure(
    { request, requestId }: Exchange,
    caller: Caller | undefined,
    error: unknown,
  ): MaybePromise<RunResult> {
    const errors = [presentError(error, { log, requestId })];
    return counted(options, { errors }, caller ?? { ip: addressOf(request), tiers: [tiers.anonymous] });
  }

  function write(exchange: NegotiatedExchange, result: RunResult): MaybePromise<void> {
    const { response } = exchange;
    if (response.headersSent) response.destroy();
    else {
      return mapMaybePromise(makeResponse(exchange, result), (made) => {
        send(response, made);
      });
    }
  }

  function begin(
    exchange: NegotiatedExchange,
    accepted: Negotiated,
    search: URLSearchParams,
  ): MaybePromise<undefined> {
    const { request } = exchange;
    checkMethod(request.method);
    if (accepted.kind === 'none') throw notInMediaType(request.headers.accept ?? '');
    // Also with a query: GraphiQL keeps the one that is being edited in its URL.
    if (accepted.kind === 'html' && page !== undefined) return page(exchange);
    refuseForgery(request);
    return mapMaybePromise(identify(request), (caller) => {
      const done = attempt(exchange, caller, () => readAndRun(exchange, accepted, caller, search));
      return mapMaybePromise(done, () => undefined);
    });
  }

  function readAndRun(
    exchange: NegotiatedExchange,
    accepted: Negotiated,
    caller: Caller,
    search: URLSearchParams,
  ): MaybePromise<RunResult | undefined> {
    const { request, requestId } = exchange;
    const { method = '' } = request;
    const requestCacheControl = cacheControlOf(request, caller);
    const identified = { requestId, method, caller, requestCacheControl, connection: request.socket };
    // Nothing of an upload is known before it is read.
    const refusal = isUpload(request) ? options.limitReporter.refusal(caller) : undefined;
    if (canStream && needsStream(request, accepted)) {
      return mapMaybePromise(refusal, (refused) =>
        refused === undefined ? streamed(exchange, identified) : refusedResult(refused),
      );
    }
    if (isRead(method)) return run(options, identified, paramsFromSearch(search));
    runBody(exchange, identified);
    return undefined;
  }

  function runBody(exchange: NegotiatedExchange, identified: IdentifiedRequest): void {
    readParams(exchange.request, exchange.response, (params) => {
      void recover(
        () =>
          attempt(exchange, identified.caller, () => {
            if (params instanceof Error) throw params;
            return run(options, identified, params);
          }),
        () => {
          exchange.response.destroy();
        },
      );
    });
  }

  async function streamed(exchange: Exchange, identified: IdentifiedRequest): Promise<undefined> {
    setCommonFields(exchange);
    const { lifetimes } = options;
    const lifetime = lifetimes.openStream(identified);
    exchange.response.once('close', () => {
      lifetimes.close(lifetime);
    });
    const context = await options.createContext(identified, new StageHolder({ kind: 'opened' }, lifetime));
    await options.stream?.(exchange.request, exchange.response, context);
  }

  function cacheControlOf(
    { headers }: IncomingMessage,
    caller: Caller,
  ): IdentifiedRequest['requestCacheControl'] {
    const field = headers['cache-control'];
    return field !== undefined && mayBypassCache(caller) ? readCacheControl(field) : undefined;
  }

  return ({ request, response, requestId, cors }, search) => {
    const accepted = (isRead(request.method) ? negotiateForPage : negotiate)(request.headers.accept);
    const mediaType = accepted.kind === 'json' ? accepted.mediaType : 'application/json';
    const exchange = { request, response, requestId, cors, mediaType };
    return attempt(exchange, undefined, () => begin(exchange, accepted, search));
  };
}

function isRead(method: string | undefined): boolean {
  return method === 'GET' || method === 'HEAD';
}

function checkMethod(method = ''): void {
  if (!methods.has(method)) {
    throw clientError('METHOD_NOT_ALLOWED', `GraphQL is asked for by GET or POST, not by ${method}.`);
  }
}

/** Event streams, incremental delivery and uploads are the server's own business. */
function needsStream(request: IncomingMessage, accepted: Negotiated): boolean {
  return accepted.kind === 'stream' || isUpload(request);
}
