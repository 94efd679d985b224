import { gzipSync } from 'node:zlib';
import type { PlainRequest } from './client.ts';
import { byId, get, json, post, two } from './requests.ts';

/** What is wrong with a request, and how it is answered. */
export interface BadRequest {
  readonly title: string;
  readonly request: PlainRequest;
  /** What clients get that accept `application/json`, and those that accept `application/graphql-response+json`. */
  readonly statuses: readonly [number, number];
  readonly code: string;
  readonly message: RegExp;
}

const codeByStatus: Readonly<Record<number, string>> = {
  400: 'BAD_REQUEST',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
};

/** Requests that are well-formed, but whose operation cannot be run. */
const badOperations: readonly BadRequest[] = [
  operation(
    'a document that does not parse',
    { query: '{' },
    'GRAPHQL_PARSE_FAILED',
    /Expected Name, found <EOF>/,
  ),
  operation(
    'a document nested too deeply',
    { query: `${'{ a '.repeat(500)}${'}'.repeat(500)}` },
    'DOCUMENT_TOO_LARGE',
    /has 500 levels inside each other.*DOCUMENT_DEPTH/,
  ),
  operation(
    'an unknown field',
    { query: '{ nothing }' },
    'GRAPHQL_VALIDATION_FAILED',
    /Cannot query field "nothing"/,
  ),
  operation(
    'a missing variable',
    { query: byId },
    'BAD_USER_INPUT',
    /Variable "\$id" of required type "ID!" was not provided/,
  ),
  operation(
    'a variable that is null',
    { query: byId, variables: { id: null } },
    'BAD_USER_INPUT',
    /"\$id" of non-null type "ID!" must not be null/,
  ),
  operation(
    'a variable of a wrong type',
    { query: byId, variables: { id: {} } },
    'BAD_USER_INPUT',
    /"\$id" got invalid value/,
  ),
  operation(
    'an unknown operation name',
    { query: two, operationName: 'C' },
    'OPERATION_RESOLUTION_FAILURE',
    /no operation named "C"/,
  ),
  operation(
    'several operations without a name',
    { query: two },
    'OPERATION_RESOLUTION_FAILURE',
    /Say which one to run: operationName/,
  ),
];

/** Requests that are not well-formed: the status is the same whatever they accept. */
const malformedRequests: readonly BadRequest[] = [
  form('no query', post({ variables: {} }), 400, /"query" is missing/),
  form('an empty query', post({ query: '' }), 400, /"query" is missing/),
  form(
    'a query that is no string',
    post({ query: 7 }),
    400,
    /"query" must be a string, not a value of the type number/,
  ),
  form(
    'variables that are no object',
    post({ query: '{ __typename }', variables: [1] }),
    400,
    /"variables" must be a JSON object, not a list/,
  ),
  form(
    'an operation name that is no string',
    post({ query: '{ __typename }', operationName: {} }),
    400,
    /"operationName" must be a string/,
  ),
  form(
    'extensions that are no object',
    post({ query: '{ __typename }', extensions: 'x' }),
    400,
    /"extensions" must be a JSON object/,
  ),
  form('malformed JSON', post('{"query":'), 400, /not valid JSON/),
  form('the body null', post('null'), 400, /must be a JSON object with the entry "query", not null/),
  form('a number for a body', post('7'), 400, /must be a JSON object/),
  form('a string for a body', post('"{ __typename }"'), 400, /must be a JSON object/),
  form('an empty body', post(''), 400, /"query" is missing|must be a JSON object/),
  form('an empty batch', post([]), 400, /The batch is empty/),
  form('a batch with a list in it', post([[]]), 400, /must be a JSON object/),
  form(
    'a batch that is too large',
    post(Array(11).fill({ query: '{ __typename }' })),
    400,
    /has 11 operations; at most 10 are allowed/,
  ),
  form('no Content-Type', { body: '{"query":"{ __typename }"}' }, 415, /has no Content-Type/),
  form(
    'a wrong Content-Type',
    post({ query: '{ __typename }' }, { 'content-type': 'text/plain' }),
    415,
    /"text\/plain" is not supported/,
  ),
  form(
    'an unsupported charset',
    post({ query: '{ __typename }' }, { 'content-type': 'application/json; charset=latin1' }),
    415,
    /unsupported charset "LATIN1"/,
  ),
  form(
    'an unsupported Content-Encoding',
    post({ query: '{ __typename }' }, { 'content-encoding': 'nope' }),
    415,
    /unsupported content encoding/,
  ),
  form(
    'a body that is not compressed as it says',
    post({ query: '{ __typename }' }, { 'content-encoding': 'gzip' }),
    400,
    /cannot be read: incorrect header check/,
  ),
  form(
    'a body of 2 MB',
    post({ query: '{ __typename }', x: 'x'.repeat(2_000_000) }),
    413,
    /larger than the limit of 524288 bytes/,
  ),
  form(
    'a body that is 2 MB once it is unpacked',
    { headers: { ...json, 'content-encoding': 'gzip' }, body: gzipSync('x'.repeat(2_000_000)) },
    413,
    /larger than the limit/,
  ),
  form(
    'an unknown path',
    { method: 'GET', path: '/elsewhere' },
    404,
    /nothing at \/elsewhere. GraphQL is at \/graphql/,
  ),
  form('PUT', { ...post({ query: '{ __typename }' }), method: 'PUT' }, 405, /by GET or POST, not by PUT/),
  form(
    'a mutation by GET',
    get({ query: 'mutation { deleteProduct(id: 1) }' }),
    405,
    /A mutation cannot be run by GET/,
  ),
  form('a GET without a query', get({}), 400, /"query" is missing/),
  form(
    'a GET with variables that are no JSON',
    get({ query: byId, variables: '{' }),
    400,
    /"variables" is not valid JSON/,
  ),
  form(
    'a GET with two queries',
    { method: 'GET', path: '/graphql?query=%7Ba%7D&query=%7Bb%7D' },
    400,
    /"query" stands in the URL twice/,
  ),
];

export const badRequests: readonly BadRequest[] = [...badOperations, ...malformedRequests];

function operation(title: string, body: unknown, code: string, message: RegExp): BadRequest {
  return { title, request: post(body), statuses: [200, 400], code, message };
}

function form(title: string, request: PlainRequest, status: number, message: RegExp): BadRequest {
  return { title, request, statuses: [status, status], code: codeByStatus[status] ?? '', message };
}
