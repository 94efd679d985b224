import type { RequestListener, ServerResponse } from 'node:http';
import type { MaybePromise } from '@whatwg-node/promise-helpers';
import { clientError } from '../errors.ts';
import { presentError } from '../operation/present-errors.ts';
import { mapMaybePromise, recover } from '../util/promises.ts';
import type { Cors } from './cors.ts';
import { type Exchange, openExchange, setCommonFields } from './exchange.ts';
import { createGraphQLRoute, type GraphQLRouteOptions } from './graphql-route.ts';
import { type Readiness, respondAlive, respondReady } from './probes.ts';
import { targetOf } from './request/target.ts';
import { send } from './response/send.ts';

export interface HandlerOptions extends GraphQLRouteOptions {
  readonly cors: Cors;
  /** Throws where a request is sent to another host, by its field `Host`. */
  readonly checkHost: (host?: string) => void;
  readonly readiness: Readiness;
}

type Route = (exchange: Exchange, search: URLSearchParams) => MaybePromise<void>;

/**
 * The HTTP listener. What is kept, rejected or no good it answers itself; an engine executes the rest, and has streams
 * and uploads to itself.
 */
export function createHandler(options: HandlerOptions): RequestListener {
  const { cors, checkHost, readiness, log, makeResponse } = options;
  const routes = new Map<string | undefined, Route>([
    ['/graphql', createGraphQLRoute(options)],
    ['/health', probe(respondAlive)],
    ['/ready', probe((response) => respondReady(response, readiness))],
  ]);

  /** Ends a request that is none of GraphQL's, or that not even an error could be written to. */
  function fail(exchange: Exchange, error: unknown): void {
    const { response, requestId } = exchange;
    const errors = [presentError(error, { log, requestId })];
    if (response.headersSent) response.destroy();
    else {
      const told = { response: { errors }, admissions: [] };
      void mapMaybePromise(makeResponse({ ...exchange, mediaType: 'application/json' }, told), (made) => {
        send(response, made);
      });
    }
  }

  return (request, response) => {
    const exchange = openExchange(request, response, cors);
    void recover(
      () => {
        checkHost(request.headers.host);
        if (request.method !== 'OPTIONS') return route(routes, exchange);
        preflight(exchange, cors);
        return undefined;
      },
      (error) => {
        fail(exchange, error);
      },
    );
  };
}

function route(routes: ReadonlyMap<string | undefined, Route>, exchange: Exchange): MaybePromise<void> {
  const { path, search } = targetOf(exchange.request.url ?? '/');
  const chosen = routes.get(path);
  if (chosen !== undefined) return chosen(exchange, search);
  throw clientError('NOT_FOUND', `There is nothing at ${path ?? 'this URL'}. GraphQL is at /graphql.`);
}

function preflight({ request, response, requestId }: Exchange, cors: Cors): void {
  response.setHeader('X-Request-Id', requestId);
  cors.respond(request, response);
}

function probe(respondTo: (response: ServerResponse) => MaybePromise<void>): Route {
  return (exchange) => {
    setCommonFields(exchange);
    return respondTo(exchange.response);
  };
}
