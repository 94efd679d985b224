import { badRequests } from '../support/bad-requests.ts';
import { type PlainRequest, sendPlain } from '../support/client.ts';
import { get, post } from '../support/requests.ts';
import { field, upload, uploadOf } from '../support/uploads.ts';

/** A document that is valid for the shop. */
export const known = '{ product(id: 1) { id } }';
export const events = { accept: 'text/event-stream' };

/** What cannot be had in the way that it is asked for, by its title, with the status and the code that tell so. */
type Refused = readonly (readonly [title: string, request: PlainRequest, status: number, code: string])[];

const bad: Refused = badRequests
  .filter(({ code }) => code !== 'NOT_FOUND')
  .map(({ title, request, statuses: [status], code }) => [title, request, status, code]);

const deep = `${'{"a":'.repeat(2000)}1${'}'.repeat(2000)}`;

const more: Refused = [
  ['an unknown key', post({ query: known }, { 'x-api-key': 'slk_unknown' }), 401, 'UNAUTHENTICATED'],
  ['a bad token', post({ query: known }, { authorization: 'Bearer no.such.token' }), 401, 'UNAUTHENTICATED'],
  ['a media type that there is not', post({ query: known }, { accept: 'image/png' }), 406, 'NOT_ACCEPTABLE'],
  [
    'variables 2,000 deep',
    post(`{"query":"query ($id: ID!) { product(id: $id) { id } }","variables":{"id":${deep}}}`),
    200,
    'BAD_USER_INPUT',
  ],
  ['DELETE', { method: 'DELETE' }, 405, 'METHOD_NOT_ALLOWED'],
  [
    'a form',
    { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'query={__typename}' },
    415,
    'UNSUPPORTED_MEDIA_TYPE',
  ],
];

/** Of requests that any engine takes. */
export const ofAny: Refused = [...bad, ...more];

/** Of event streams, incremental delivery and uploads. The status is 200 where what is wrong is told as an event. */
export const ofStreams: Refused = [
  ['an event stream with malformed JSON', post('{', events), 400, 'BAD_REQUEST'],
  ['an event stream without a query', post({}, events), 400, 'BAD_REQUEST'],
  ['an event stream by GET without a query', get({}, events), 400, 'BAD_REQUEST'],
  ['an event stream of a batch', post([{ query: known }], events), 400, 'BAD_REQUEST'],
  [
    'an event stream from a form',
    { headers: { 'content-type': 'text/plain', ...events }, body: '{}' },
    415,
    'UNSUPPORTED_MEDIA_TYPE',
  ],
  [
    'an event stream for an unknown key',
    post({ query: known }, { ...events, 'x-api-key': 'x' }),
    401,
    'UNAUTHENTICATED',
  ],
  ['an event stream that does not parse', post({ query: '{' }, events), 200, 'GRAPHQL_PARSE_FAILED'],
  [
    'an event stream of an unknown field',
    post({ query: '{ no }' }, events),
    200,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    'an event stream by GET of a mutation',
    get({ query: 'mutation { deleteProduct(id: 1) }' }, events),
    200,
    'METHOD_NOT_ALLOWED',
  ],
  [
    'parts that do not parse',
    post({ query: '{' }, { accept: 'multipart/mixed' }),
    200,
    'GRAPHQL_PARSE_FAILED',
  ],
  [
    'an upload without its header field',
    { ...uploadOf([]), headers: { 'content-type': 'multipart/form-data; boundary=x' } },
    403,
    'PREFLIGHT_REQUIRED',
  ],
  ['an upload of nothing', uploadOf([]), 400, 'BAD_REQUEST'],
  ['an upload that is no multipart', { ...uploadOf([]), body: 'x' }, 400, 'BAD_REQUEST'],
  ['an upload of malformed JSON', uploadOf([field('operations', '{')]), 400, 'BAD_REQUEST'],
  ['an upload that does not parse', upload({ operations: { query: '{' } }), 200, 'GRAPHQL_PARSE_FAILED'],
];

export async function statusAndCode(
  url: string,
  request: PlainRequest,
): Promise<readonly [number | undefined, unknown]> {
  const { status, text } = await sendPlain(url, request);
  return [status, /"code":"(\w+)"/.exec(text)?.[1]];
}

/** Sends it a hundred times; returns what was told the first time, the last time, and after that. */
export async function sendOften(url: string, request: PlainRequest) {
  const first = await statusAndCode(url, request);
  const some = Array.from({ length: 98 }, () => statusAndCode(url, request));
  await Promise.all(some);
  return { first, last: await statusAndCode(url, request), after: await statusAndCode(url, request) };
}
