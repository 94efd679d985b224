import type { IncomingMessage, ServerResponse } from 'node:http';
import bodyParser from 'body-parser';
import { clientError } from '../../errors.ts';
import type { GraphQLParams } from '../../operation/graphql-params.ts';
import { memoize } from '../../util/memoize.ts';
import { isUpload } from './forgery.ts';
import { paramsFromBody } from './parse-params.ts';
import { readBody, tooLarge } from './read-body.ts';
import { readUpload } from './read-upload.ts';

const jsonTypes = ['application/json', 'application/graphql+json'];

/** What a request asks for: one operation, or a batch of them. */
export type Params = GraphQLParams | readonly GraphQLParams[];

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
  /** Files in one upload; undefined: uploads are not taken. */
  readonly uploadFiles: number | undefined;
}

/** Bodies that need nothing but to be parsed are read here; those of other charsets and encodings by body-parser. */
export function createReadParams({ bodyLimit, batchLimit, uploadFiles }: ReadParamsOptions): ReadParams {
  const parseUnusual: Middleware = bodyParser.json({ limit: bodyLimit, type: jsonTypes, strict: false });

  const readJson: ReadParams = (request, response, done) => {
    const { 'content-type': type, 'content-encoding': encoding } = request.headers;
    const content = type === undefined ? noContentType : contentOf(type);
    if ('problem' in content) {
      done(clientError('UNSUPPORTED_MEDIA_TYPE', content.problem));
      return;
    }
    if (encoding === undefined && content.isUtf8 && hasBody(request)) {
      readBody(request, bodyLimit, (text) => {
        if (typeof text === 'string') done(paramsOr(() => readParams(parseJson(text), batchLimit)));
        else done(text);
      });
      return;
    }
    parseUnusual(request, response, (failure) => {
      if (failure !== undefined) done(asError(failure, bodyLimit));
      else done(paramsOr(() => readParams('body' in request ? request.body : undefined, batchLimit)));
    });
  };
  if (uploadFiles === undefined) return readJson;

  return (request, response, done) => {
    if (!isUpload(request)) {
      readJson(request, response, done);
      return;
    }
    readUpload(request, { bodyLimit, uploadFiles }).then((body) => {
      done(paramsOr(() => readParams(body, batchLimit)));
    }, done);
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

/** The parameters, or the error that reading them throws. */
export function paramsOr(read: () => Params): Params | Error {
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

/** What a Content-Type says of a body: whether it is plain UTF-8, or why it cannot be read. */
type Content = { readonly isUtf8: boolean } | { readonly problem: string };

const contentOf = memoize((header: string): Content => {
  const type = header.split(';')[0]?.trim().toLowerCase();
  return type !== undefined && jsonTypes.includes(type)
    ? { isUtf8: /^[^;]*(?:; *charset="?utf-8"?)?$/i.test(header) }
    : unsupported(`The Content-Type "${header}" is not supported`);
});

const noContentType: Content = unsupported('The request has no Content-Type');

function unsupported(found: string): Content {
  return { problem: `${found}. Send "application/json".` };
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
