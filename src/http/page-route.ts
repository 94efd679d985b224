import type { IncomingMessage, ServerResponse } from 'node:http';
import type { MaybePromise } from '@whatwg-node/promise-helpers';
import Negotiator from 'negotiator';
import type { Admission, HeaderField } from '../rate-limit/index.ts';
import { mapMaybePromise } from '../util/promises.ts';
import { type Exchange, setCommonFields } from './exchange.ts';
import { makeGraphiQL, type Page, type PageEncoding } from './graphiql.ts';
import { isNotModified } from './response/not-modified.ts';

export interface PageRouteOptions {
  /** Counts a page by the address that it is asked for from. */
  readonly admitPage: (address: string) => MaybePromise<Admission>;
  readonly addressOf: (request: IncomingMessage) => string;
  /** What tells of limits. */
  readonly fieldsOf: (admissions: readonly Admission[]) => readonly HeaderField[];
}

const encodings: readonly PageEncoding[] = ['br', 'gzip', 'identity'];

/** Answers the requests for GraphiQL, which is made when it is first asked for. */
export function createPageRoute({
  admitPage,
  addressOf,
  fieldsOf,
}: PageRouteOptions): (exchange: Exchange) => MaybePromise<undefined> {
  let made: Promise<Page> | undefined;

  async function respond({ request, response }: Exchange): Promise<undefined> {
    const { policy, encoded } = await (made ??= makeGraphiQL());
    const encoding = encodingFor(request);
    const { body, etag } = encoded[encoding];
    response.setHeader('Content-Security-Policy', policy);
    response.setHeader('ETag', etag);
    response.setHeader('Cache-Control', 'no-cache');
    if (encoding !== 'identity') response.setHeader('Content-Encoding', encoding);
    if (isNotModified(request, etag)) response.writeHead(304).end();
    else response.writeHead(200, { 'Content-Type': html, 'Content-Length': body.length }).end(body);
    return undefined;
  }

  return (exchange) =>
    mapMaybePromise(admitPage(addressOf(exchange.request)), (admission) => {
      const { response } = exchange;
      setPageFields(exchange);
      for (const [name, value] of fieldsOf([admission])) response.setHeader(name, value);
      if (admission.rejection === undefined) return respond(exchange);
      refuse(response, admission.retryAfter ?? 1);
      return undefined;
    });
}

const html = 'text/html; charset=utf-8';

/** The smallest of those that the client takes. What takes none gets the page as it is, which is better than an error. */
function encodingFor(request: IncomingMessage): PageEncoding {
  const taken = new Negotiator(request).encodings([...encodings]);
  return encodings.find((encoding) => taken.includes(encoding)) ?? 'identity';
}

function setPageFields(exchange: Exchange): void {
  setCommonFields(exchange);
  const { response, cors } = exchange;
  response.setHeader('Vary', [...cors.vary, 'Accept', 'Accept-Encoding'].join(', '));
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('X-Frame-Options', 'DENY');
  response.setHeader('Referrer-Policy', 'no-referrer');
}

function refuse(response: ServerResponse, seconds: number): void {
  response.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
  response.setHeader('Cache-Control', 'no-store');
  response.writeHead(429, { 'Content-Type': html });
  response.end(
    `<!doctype html><title>Too many requests</title><p>This page was asked for too often. Try again in ${seconds} s.`,
  );
}
