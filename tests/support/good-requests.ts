import { gzipSync } from 'node:zlib';
import type { PlainRequest } from './client.ts';
import { byId, get, json, post, two } from './requests.ts';

const newer = { accept: 'application/graphql-response+json' };

/** Requests that are answered with data. */
export const goodRequests: readonly (readonly [title: string, request: PlainRequest])[] = [
  ['a query', post({ query: '{ __typename health { status } }' })],
  ['a query with variables', post({ query: byId, variables: { id: '1' } })],
  ['a query with a variable that it does not declare', post({ query: byId, variables: { id: '1', x: 1 } })],
  ['one of two operations', post({ query: two, operationName: 'B' })],
  ['an empty operation name', post({ query: '{ __typename }', operationName: '' })],
  ['aliases', post({ query: '{ one: product(id: 1) { called: name } two: product(id: 2) { name } }' })],
  ['a fragment', post({ query: '{ products { ...P } } fragment P on Product { id name price }' })],
  ['null for everything optional', post({ query: '{ __typename }', variables: null, operationName: null })],
  ['extensions that mean nothing here', post({ query: '{ __typename }', extensions: { a: 1 } })],
  ['entries that are unknown', post({ query: '{ __typename }', id: 7 })],
  ['a field that is left out', post({ query: '{ health @skip(if: true) { status } }' })],
  ['text beyond ASCII', post({ query: '{ __type(name: "Größe🏃") { name } }' })],
  ['introspection', post({ query: '{ __schema { queryType { name } directives { name } } }' })],
  ['a batch', post([{ query: '{ __typename }' }, { query: two, operationName: 'B' }])],
  ['a GET', get({ query: '{ health { status } }' })],
  ['a GET with variables', get({ query: byId, variables: '{"id":"2"}', extensions: '{}' })],
  ['a GET with an operation name', get({ query: two, operationName: 'A' })],
  ['any media type', post({ query: '{ __typename }' }, { accept: '*/*' })],
  ['the newer media type', post({ query: '{ __typename }' }, newer)],
  [
    'JSON rather than a stream',
    post({ query: '{ __typename }' }, { accept: 'application/json, text/event-stream' }),
  ],
  [
    'a body that is compressed',
    { headers: { ...json, 'content-encoding': 'gzip' }, body: gzipSync('{"query":"{ __typename }"}') },
  ],
  [
    'a body in UTF-16',
    {
      headers: { 'content-type': 'application/json; charset=utf-16le' },
      body: Buffer.from('{"query":"{ __typename }"}', 'utf16le'),
    },
  ],
  [
    'a content type in capitals',
    post({ query: '{ __typename }' }, { 'content-type': 'APPLICATION/JSON ;charset=UTF-8' }),
  ],
];
