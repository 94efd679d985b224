import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import bodyParser from 'body-parser';
import cors from 'cors';
import type { GraphQLFormattedError } from 'graphql';
import Negotiator from 'negotiator';
import type { Caller } from '../../src/caller/caller.ts';
import type { HandlerOptions } from '../../src/http/handler.ts';
import { paramsFromBody, paramsFromSearch } from '../../src/http/request/parse-params.ts';
import { cacheFields, isForOne } from '../../src/http/response/cache-fields.ts';
import { isNotModified } from '../../src/http/response/not-modified.ts';
import { statusOf } from '../../src/http/response/status.ts';
import type { GraphQLParams } from '../../src/operation/graphql-params.ts';
import type { GraphQLResponse } from '../../src/operation/response.ts';
import {
  executingOf,
  type IdentifiedRequest,
  type Invalid,
  type Prepared,
  StageHolder,
} from '../../src/operation/stages.ts';
import { type Admission, exposedFields } from '../../src/rate-limit/index.ts';
import { type CacheOutcome, cacheRequestOf } from '../../src/response-cache/index.ts';
import type { FakeClock } from '../support/fake-clock.ts';

type Middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/**
 * What the handler is compared with: a listener that reads by body-parser, adds CORS by its middleware, reads `Accept`
 * and URLs anew each time, writes field by field, and has the server behind execute every operation, also one that is
 * kept or rejected. Nothing in it is quick. It knows plain operations only, which are valid.
 */
export function createReferenceHandler(options: HandlerOptions, clock: FakeClock): RequestListener {
  const addCors = cors({
    exposedHeaders: ['Age', 'Cache-Status', 'ETag', 'X-Request-Id', ...exposedFields],
  });
  const readJson: Middleware = bodyParser.json({ strict: false });
  return (request, response) => {
    response.setHeader('X-Request-Id', 'reference');
    addCors(request, response, () => {
      readJson(request, response, () => {
        void answer(options, clock, request, response);
      });
    });
  };
}

async function answer(
  options: HandlerOptions,
  clock: FakeClock,
  request: IncomingMessage & { body?: unknown },
  response: ServerResponse,
): Promise<void> {
  const { searchParams } = new URL(request.url ?? '', 'http://localhost');
  const params = request.method === 'POST' ? paramsFromBody(request.body) : paramsFromSearch(searchParams);
  const caller = await options.identify(request);
  const { executed, admission, outcome } = await execute(options, params, caller, request.method ?? '');
  const isRejected = admission?.rejection !== undefined;
  const kept = outcome?.answer !== undefined;
  const { errors, data } = executed;
  const body = JSON.stringify({ errors, data: isRejected ? undefined : data });

  const admissions = admission === undefined ? [] : [admission];
  const isLimited = admission?.isLimited === true;
  const fields = new Map([
    ...options.limitReporter.fields(admissions),
    ...cacheFields({ outcome, isWhole: kept, isLimited, now: clock.now() }),
  ]);
  for (const [name, value] of fields) response.setHeader(name, value);
  const identifying = isForOne({ outcome, isLimited }) ? ', Authorization, X-API-Key' : '';
  const isLarge = Buffer.byteLength(body) >= 1024 && data !== undefined && !isRejected;
  response.setHeader('Vary', `Accept${isLarge ? ', Accept-Encoding' : ''}${identifying}`);
  if (kept && isNotModified(request, outcome.answer.etag)) {
    response.writeHead(304).end();
    return;
  }
  const accepted = new Negotiator(request).mediaType([
    'application/json',
    'application/graphql-response+json',
  ]);
  const mediaType =
    accepted === 'application/graphql-response+json' ? accepted : ('application/json' as const);
  response.setHeader('Content-Type', `${mediaType}; charset=utf-8`);
  response.setHeader('Content-Length', Buffer.byteLength(body));
  const status = statusOf(isRejected ? { errors } : executed, mediaType);
  response.writeHead(status).end(body);
}

interface Executed {
  readonly executed: GraphQLResponse;
  readonly admission: Admission | undefined;
  readonly outcome: CacheOutcome | undefined;
}

/** Admits an operation and asks the cache, and has it executed whatever they say. */
async function execute(
  options: HandlerOptions,
  { query = '', variables = {}, operationName }: GraphQLParams,
  caller: Caller,
  method: string,
): Promise<Executed> {
  const request = { requestId: 'reference', method, caller, requestCacheControl: undefined };
  const { document } = options.documents(query, caller);
  if (document === undefined) throw new Error(`The document is not valid: ${query}`);
  const read = { query, document, operationName, variables };
  const { holder, given } = await judge(options, options.prepare(read, request, 'whole'), request);
  const { errors, ...executed } = await options.execute(read, await options.createContext(request, holder));
  const told = errors?.map((error) => JSON.parse(JSON.stringify(error)) as GraphQLFormattedError);
  const { admission, outcome = given } = holder;
  return { executed: { ...executed, errors: told }, admission, outcome };
}

/** What limits and the cache say of an operation, and where its execution finds it. */
async function judge(
  { admit, cache, lifetimes }: HandlerOptions,
  prepared: Prepared | Invalid,
  request: IdentifiedRequest,
): Promise<{ holder: StageHolder; given?: CacheOutcome }> {
  const stage = prepared.kind === 'prepared' ? await admit(prepared) : prepared;
  if (stage.kind === 'invalid' || prepared.kind === 'invalid') {
    return { holder: new StageHolder({ kind: 'opened' }, lifetimes.openStream(request)) };
  }
  const { admission } = stage;
  const { operation, read } = prepared;
  const asked = admission.isDenied ? undefined : cacheRequestOf(operation, read.variables, request);
  const entry = asked && (await cache.enter(asked));
  const flight = entry?.kind === 'make' ? entry.flight : undefined;
  const executing = executingOf({ prepared, admission }, flight);
  const holder = new StageHolder(executing, lifetimes.open(prepared, true));
  return entry?.kind === 'given' ? { holder, given: entry.outcome } : { holder };
}
