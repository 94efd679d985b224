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

function part(name: string, content: string, more = ''): string {
  return `--x\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${content}\r\n`;
}

function file(name: string, content: string): string {
  return part(name, content, '; filename="a"');
}

/** An upload of one file, with what its map says of it. */
function fileAt(paths: readonly string[], salt: string): string {
  const query = `mutation ${salt}($f: [Int]) { __typename }`;
  const operations = JSON.stringify({ query, variables: { f: [null] } });
  return `${part('operations', operations)}${part('map', JSON.stringify({ f: paths }))}${file('f', 'x')}--x--\r\n`;
}

/** What asks for events, or for parts. */
function stream(name: string, accept: string, params: (bytes: number, salt: string) => unknown): Shape {
  return { name, request: (bytes, salt) => post(params(bytes, salt), { Accept: accept }) };
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
  form('files of an upload', 'multipart/form-data; boundary=x', (bytes, salt) => {
    const operations = JSON.stringify({ query: `query ${salt} { __typename }` });
    return `${part('operations', operations)}${part('map', '{}')}${fill(bytes, (n) => file(String(n), ''))}--x--\r\n`;
  }),
  form('a file in many places', 'multipart/form-data; boundary=x', (bytes, salt) =>
    fileAt(Array<string>(Math.ceil(bytes / 16)).fill('variables.f.0'), salt),
  ),
  form('a file at a long path', 'multipart/form-data; boundary=x', (bytes, salt) =>
    fileAt([`variables.f.${'0.'.repeat(bytes / 2)}`], salt),
  ),
  form('a part with a long head', 'multipart/form-data; boundary=x', (bytes) =>
    part(
      'operations',
      '{}',
      fill(bytes, (n) => `; a${n}="x"`),
    ),
  ),
  form('a long boundary', `multipart/form-data; boundary=${'x'.repeat(70)}`, (bytes) =>
    fill(bytes, () => `--${'x'.repeat(69)}`),
  ),
  stream('an event stream that is not valid', 'text/event-stream', (bytes, salt) => {
    return { query: `query ${salt} { ${fill(bytes, (n) => `a${n}:nothing `)} }` };
  }),
  stream('parts that do not parse', 'multipart/mixed', (bytes, salt) => {
    return { query: `query ${salt} { ${fill(bytes, (n) => `a${n} `)}` };
  }),
  stream('an event stream of a batch', 'text/event-stream', (bytes, salt) => {
    return Array.from({ length: bytes / 40 }, (_, n) => ({ query: `query ${salt}${n} { __typename }` }));
  }),
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
