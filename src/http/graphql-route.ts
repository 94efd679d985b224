import type { IncomingMessage } from 'node:http';
import type { MaybePromise } from '@whatwg-node/promise-helpers';
import { anonymousAt, type Caller } from '../caller/caller.ts';
import type { Engine } from '../engines/engine.ts';
import { clientError } from '../errors.ts';
import type { OperationContext } from '../operation/context.ts';
import { counted, mayBeKnown, resultOfCount } from '../operation/enter.ts';
import { notInMediaType } from '../operation/not-acceptable.ts';
import { presentError } from '../operation/present-errors.ts';
import { isBatch, run, type RunOptions } from '../operation/run.ts';
import type { RunResult } from '../operation/run-result.ts';
import { runStream } from '../operation/run-stream.ts';
import type { IdentifiedRequest } from '../operation/stages.ts';
import { mapMaybePromise, recover } from '../util/promises.ts';
import { type Exchange, type NegotiatedExchange, setCommonFields } from './exchange.ts';
import { readCacheControl } from './request/cache-control.ts';
import { isUpload, refuseForgery } from './request/forgery.ts';
import { createNegotiate, type Negotiated } from './request/media-type.ts';
import { methods } from './request/methods.ts';
import { paramsFromSearch } from './request/parse-params.ts';
import { type Params, paramsOr, type ReadParams } from './request/read-params.ts';
import type { MakeResponse } from './response/make-response.ts';
import { send } from './response/send.ts';

export interface GraphQLRouteOptions extends RunOptions {
  /** Sends responses as they come, where it can. */
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

/**
 * Answers the requests to `/graphql`. What takes least is looked at first, and whatever is no good ends there:
 *
 * 1. the head: the method, what the client accepts, and whether a page of anybody's could have sent it;
 * 2. the address: one that is known to have sent too much that is no good is refused pages and uploads, and what it asks
 *    otherwise is read before it is found out who asks, and refused unless the document is known to be valid;
 * 3. who asks: the signature of a token, the key in the database;
 * 4. the body: its type, its size, its JSON or its parts;
 * 5. the document and its variables, the cost of the operation, its limits: `operation/enter.ts`.
 */
export function createGraphQLRoute(
  options: GraphQLRouteOptions,
): (exchange: Exchange, search: URLSearchParams) => MaybePromise<void> {
  const { log, addressOf, identify, readParams, mayBypassCache, makeResponse, page, invalidRequests } =
    options;
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
    return counted(options, { errors }, caller ?? anonymousAt(addressOf(request)));
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
  ): MaybePromise<RunResult | undefined> {
    const { request } = exchange;
    checkMethod(request.method);
    if (accepted.kind === 'none') throw notInMediaType(request.headers.accept ?? '');
    // Also with a query: GraphiQL keeps the one that is being edited in its URL.
    if (accepted.kind === 'html' && page !== undefined) return page(exchange);
    refuseForgery(request);
    if (invalidRequests.refusesSome && invalidRequests.refusesAllFrom(addressOf(request))) {
      return readFirst(exchange, accepted, search);
    }
    return mapMaybePromise(identify(request), (caller) => {
      read(exchange, search, (params) => {
        void answer(exchange, accepted, caller, params);
      });
      return undefined;
    });
  }

  /** Of an address that only what is known to be valid is taken from. */
  async function readFirst(
    exchange: NegotiatedExchange,
    accepted: Negotiated,
    search: URLSearchParams,
  ): Promise<RunResult | undefined> {
    const { request } = exchange;
    const nobody = anonymousAt(addressOf(request));
    const refusal = invalidRequests.refusalOf(nobody);
    if (refusal !== undefined && isUpload(request)) return resultOfCount(refusal);
    const params = await new Promise<Params | Error>((resolve) => {
      read(exchange, search, resolve);
    });
    if (refusal !== undefined && !mayBeKnown(options, params)) return resultOfCount(refusal);
    await answer(exchange, accepted, await identify(request), params);
    return undefined;
  }

  function read(
    { request, response }: Exchange,
    search: URLSearchParams,
    done: (params: Params | Error) => void,
  ): void {
    if (isRead(request.method)) done(paramsOr(() => paramsFromSearch(search)));
    else readParams(request, response, done);
  }

  /** Answers a request that has been read. Never rejects. */
  function answer(
    exchange: NegotiatedExchange,
    accepted: Negotiated,
    caller: Caller,
    params: Params | Error,
  ): MaybePromise<void> {
    return recover(
      () =>
        attempt(exchange, caller, () => {
          if (params instanceof Error) throw params;
          const identified = identifiedBy(exchange, caller);
          return accepted.kind === 'stream' && exchange.request.method !== 'HEAD'
            ? stream(exchange, accepted, identified, params)
            : run(options, identified, params);
        }),
      () => {
        exchange.response.destroy();
      },
    );
  }

  function identifiedBy({ request, requestId }: Exchange, caller: Caller): IdentifiedRequest {
    const { method = '', socket: connection } = request;
    const requestCacheControl = cacheControlOf(request, caller);
    return { requestId, method, caller, requestCacheControl, connection, isUpload: isUpload(request) };
  }

  /** What a client is sent that wants events or parts. What is wrong with the operation is the only one of them. */
  function stream(
    exchange: NegotiatedExchange,
    { mediaType, takesEvents }: Streaming,
    identified: IdentifiedRequest,
    params: Params,
  ): MaybePromise<RunResult | undefined> {
    if (isBatch(params)) throw batchIsNoStream(mediaType);
    const delivery = takesEvents ? 'events' : 'parts';
    const ended = runStream(options, identified, params, delivery, (context) =>
      sendStream(exchange, context),
    );
    return mapMaybePromise(ended, (result) => {
      // Whoever is refused does best not to ask again at once, as browsers do after a stream that has ended.
      if (result === undefined || result.isRefused === true) return result;
      return mapMaybePromise(write({ ...exchange, mediaType }, result), () => undefined);
    });
  }

  async function sendStream(exchange: Exchange, context: OperationContext): Promise<undefined> {
    const { request, response } = exchange;
    setCommonFields(exchange);
    response.once('close', () => {
      options.lifetimes.close(context.sluice.lifetime);
    });
    await options.stream?.(request, response, context);
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

type Streaming = Extract<Negotiated, { readonly kind: 'stream' }>;

function isRead(method: string | undefined): boolean {
  return method === 'GET' || method === 'HEAD';
}

function checkMethod(method = ''): void {
  if (!methods.has(method)) {
    throw clientError('METHOD_NOT_ALLOWED', `GraphQL is asked for by GET or POST, not by ${method}.`);
  }
}

function batchIsNoStream(mediaType: string): Error {
  return clientError('BAD_REQUEST', `A batch cannot be had as "${mediaType}". Accept "application/json".`);
}
