import { hash } from 'node:crypto';
import { fill, post, type Shape } from './shape.ts';

/** Bytes: node takes heads of 16 kB. */
const largestHead = 14_000;

function inHead(name: string, header: string, value: (bytes: number, salt: string) => string): Shape {
  return {
    name,
    request: (bytes, salt) =>
      post({ query: '{ __typename }' }, { [header]: value(Math.min(bytes, largestHead), salt) }),
  };
}

function form(name: string, contentType: string, body: (bytes: number, salt: string) => string): Shape {
  return {
    name,
    request: (bytes, salt) => ({
      method: 'POST',
      path: '/graphql',
      headers: { 'Content-Type': contentType, 'GraphQL-Preflight': '1' },
      body: body(bytes, salt),
    }),
  };
}

function part(name: string, content: string): string {
  return `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${content}\r\n`;
}

/** What is large round the operation. */
export const transport: readonly Shape[] = [
  inHead('a long Accept', 'Accept', (bytes) => fill(bytes, (index) => `a/b${index};q=0.1,`)),
  inHead('a long Accept-Encoding', 'Accept-Encoding', (bytes) => fill(bytes, (index) => `a${index};q=0.1,`)),
  inHead('a long If-None-Match', 'If-None-Match', (bytes) => fill(bytes, (index) => `"a${index}",`)),
  inHead('a long Cache-Control', 'Cache-Control', (bytes) => fill(bytes, (index) => `a${index}=1,`)),
  inHead('a long token', 'Authorization', (bytes, salt) => `Bearer ${salt}.${'x'.repeat(bytes)}.x`),
  inHead('a long key', 'X-API-Key', (bytes, salt) => `${salt}${'x'.repeat(bytes)}`),
  inHead('many addresses', 'X-Forwarded-For', (bytes) => fill(bytes, () => `10.0.0.1,`)),
  {
    name: 'a long address',
    request: (bytes, salt) => ({
      method: 'GET',
      path: `/graphql?query=${encodeURIComponent(`query ${salt}{__typename}`)}&${fill(Math.min(bytes, largestHead), (n) => `a${n}=1&`)}`,
      headers: {},
    }),
  },
  form('parts of an upload', 'multipart/form-data; boundary=x', (bytes, salt) => {
    const operations = JSON.stringify({ query: `query ${salt} { __typename }` });
    return `${part('operations', operations)}${part('map', '{}')}${fill(bytes, (n) => part(String(n), ''))}--x--\r\n`;
  }),
  form('a map of an upload', 'multipart/form-data; boundary=x', (bytes, salt) => {
    const operations = JSON.stringify({ query: `query ${salt} { __typename }`, variables: {} });
    const map = `{${fill(bytes, (n) => `${n === 0 ? '' : ','}"${n}":["variables.a.${n}"]`)}}`;
    return `${part('operations', operations)}${part('map', map)}--x--\r\n`;
  }),
  form('an upload without an end', 'multipart/form-data; boundary=x', (bytes) =>
    fill(bytes, () => '--x\r\n'),
  ),
  form('a form', 'application/x-www-form-urlencoded', (bytes, salt) => {
    return `query=query+${salt}+{__typename}&${fill(bytes, (n) => `a${n}=1&`)}`;
  }),
  {
    name: 'an id of a document that nobody knows',
    request: (bytes, salt) => post({ documentId: `${salt}${'x'.repeat(bytes)}` }),
  },
  {
    name: 'a document with its hash',
    request(bytes, salt) {
      const query = `{ __typename } # ${salt} ${'x'.repeat(bytes)}`;
      return post({ query, documentId: `sha256:${hash('sha256', query)}` });
    },
  },
  {
    name: 'a document with the hash of another',
    request(bytes, salt) {
      const query = `{ __typename } # ${salt} ${'x'.repeat(bytes)}`;
      return post({ query, documentId: `sha256:${hash('sha256', salt)}` });
    },
  },
  {
    name: 'hashes of documents that nobody knows',
    request(bytes, salt) {
      const sha256Hash = Buffer.from(salt).toString('hex').padEnd(64, '0').slice(0, 64);
      return post({ extensions: { persistedQuery: { version: 1, sha256Hash }, a: 'x'.repeat(bytes) } });
    },
  },
];
