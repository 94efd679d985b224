import type { IncomingMessage, ServerResponse } from 'node:http';
import bodyParser from 'body-parser';
import { clientError } from '../errors.ts';
import { paramsFromBody, type GraphQLParams } from './params.ts';

const jsonTypes = ['application/json', 'application/graphql+json'];

/** Reads the operation, or the batch of operations, in the body of a POST. Rejects with a client error. */
export type ReadParams = (
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<GraphQLParams | readonly GraphQLParams[]>;

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

export function createReadParams({ bodyLimit, batchLimit }: ReadParamsOptions): ReadParams {
  const parse: Middleware = bodyParser.json({ limit: bodyLimit, type: jsonTypes, strict: false });
  const readJson = (request: IncomingMessage, response: ServerResponse): Promise<unknown> =>
    new Promise((resolve, reject) => {
      parse(request, response, (problem) => {
        if (problem === undefined) resolve('body' in request ? request.body : undefined);
        else reject(asError(problem, bodyLimit));
      });
    });

  return async (request, response) => {
    checkContentType(request.headers['content-type']);
    const body = await readJson(request, response);
    if (!Array.isArray(body)) return paramsFromBody(body);
    if (body.length === 0)
      throw clientError('BAD_REQUEST', 'The batch is empty. Send at least one operation.');
    if (body.length > batchLimit) {
      throw clientError(
        'BAD_REQUEST',
        `The batch has ${body.length} operations; at most ${batchLimit} are allowed.`,
      );
    }
    return body.map(paramsFromBody);
  };
}

function checkContentType(header: string | undefined): void {
  const type = header?.split(';')[0]?.trim().toLowerCase();
  if (type !== undefined && jsonTypes.includes(type)) return;
  const found =
    header === undefined
      ? 'The request has no Content-Type'
      : `The Content-Type "${header}" is not supported`;
  throw clientError('UNSUPPORTED_MEDIA_TYPE', `${found}. Send "application/json".`);
}

/** body-parser's errors have a status, and most have a type; what has none is not the client's doing. */
function asError(problem: unknown, limit: number): Error {
  if (!(problem instanceof Error)) return new TypeError(String(problem));
  if (!('status' in problem) || Number(problem.status) >= 500) return problem;
  switch ('type' in problem ? problem.type : undefined) {
    case 'entity.too.large':
      return clientError('PAYLOAD_TOO_LARGE', `The request body is larger than the limit of ${limit} bytes.`);
    case 'entity.parse.failed':
      return clientError('BAD_REQUEST', `The request body is not valid JSON: ${problem.message}`);
    case 'charset.unsupported':
    case 'encoding.unsupported':
      return clientError('UNSUPPORTED_MEDIA_TYPE', `The request body cannot be read: ${problem.message}.`);
    default:
      return clientError('BAD_REQUEST', `The request body cannot be read: ${problem.message}.`);
  }
}
