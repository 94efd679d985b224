import type { IncomingMessage, ServerResponse } from 'node:http';
import bodyParser from 'body-parser';
import { clientError } from '../errors.ts';
import { remember } from '../remember.ts';
import { paramsFromBody, type GraphQLParams } from './params.ts';
import { readBody, tooLarge } from './read-body.ts';

const jsonTypes = ['application/json', 'application/graphql+json'];

type Params = GraphQLParams | readonly GraphQLParams[];

/**
 * Reads the operation, or the batch of operations, in the body of a POST.
 * @param done told once: the parameters, or the client error that says why there are none
 */
export type ReadParams = (
  request: IncomingMessage,
  response: ServerResponse,
  done: (params: Params | Error) => void,
) => void;

/** What body-parser makes: it puts the parsed body on the request. */
type Middleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (problem?: unknown) => void,
) => void;

export interface ReadParamsOptions {
  /** Bytes, after decompression. */
  readonly bodyLimit: number;
  /** Operations in one batch. */
  readonly batchLimit: number;
}

/** Bodies that need nothing but to be parsed are read here; those of other charsets and encodings by body-parser. */
export function createReadParams({ bodyLimit, batchLimit }: ReadParamsOptions): ReadParams {
  const parseUnusual: Middleware = bodyParser.json({ limit: bodyLimit, type: jsonTypes, strict: false });

  return (request, response, done) => {
    const { 'content-type': type, 'content-encoding': encoding } = request.headers;
    const problem = type === undefined ? noContentType : contentTypeProblem(type);
    if (problem !== none) {
      done(clientError('UNSUPPORTED_MEDIA_TYPE', problem));
      return;
    }
    const take = (read: () => unknown): void => {
      done(paramsOr(() => readParams(read(), batchLimit)));
    };
    if (encoding === undefined && hasBody(request) && isUtf8(type ?? '')) {
      readBody(request, bodyLimit, (text) => {
        if (typeof text === 'string') take(() => parseJson(text));
        else done(text);
      });
      return;
    }
    parseUnusual(request, response, (failure) => {
      if (failure === undefined) take(() => ('body' in request ? request.body : undefined));
      else done(asError(failure, bodyLimit));
    });
  };
}

function readParams(body: unknown, batchLimit: number): Params {
  if (!Array.isArray(body)) return paramsFromBody(body);
  if (body.length === 0) throw clientError('BAD_REQUEST', 'The batch is empty. Send at least one operation.');
  if (body.length > batchLimit) {
    throw clientError(
      'BAD_REQUEST',
      `The batch has ${body.length} operations; at most ${batchLimit} are allowed.`,
    );
  }
  return body.map(paramsFromBody);
}

function paramsOr(read: () => Params): Params | Error {
  try {
    return read();
  } catch (error) {
    return error instanceof Error ? error : new TypeError(String(error));
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw notJson(error instanceof Error ? error.message : String(error));
  }
}

/** One whose length is 0, or not told, is body-parser's business: there are several views of what that means. */
function hasBody({ headers }: IncomingMessage): boolean {
  return Number(headers['content-length']) > 0;
}

const none = '';
const noContentType = unsupported('The request has no Content-Type');

const contentTypeProblem = remember((header: string) => {
  const type = header.split(';')[0]?.trim().toLowerCase();
  return type !== undefined && jsonTypes.includes(type)
    ? none
    : unsupported(`The Content-Type "${header}" is not supported`);
});

const isUtf8 = remember((contentType: string) => /^[^;]*(?:; *charset="?utf-8"?)?$/i.test(contentType));

function unsupported(found: string): string {
  return `${found}. Send "application/json".`;
}

function notJson(reason: string): Error {
  return clientError('BAD_REQUEST', `The request body is not valid JSON: ${reason}`);
}

/** body-parser's errors have a status, and most have a type; what has none is not the client's doing. */
function asError(problem: unknown, limit: number): Error {
  if (!(problem instanceof Error)) return new TypeError(String(problem));
  if (!('status' in problem) || Number(problem.status) >= 500) return problem;
  switch ('type' in problem ? problem.type : undefined) {
    case 'entity.too.large':
      return tooLarge(limit);
    case 'entity.parse.failed':
      return notJson(problem.message);
    case 'charset.unsupported':
    case 'encoding.unsupported':
      return clientError('UNSUPPORTED_MEDIA_TYPE', `The request body cannot be read: ${problem.message}.`);
    default:
      return clientError('BAD_REQUEST', `The request body cannot be read: ${problem.message}.`);
  }
}
