import { fill, post, type Shape } from './shape.ts';

const createUser = (salt: string) => `mutation ${salt}($i:CreateUserInput!) { createUser(input:$i) { id } }`;

function deep(levels: number, inner: string): string {
  return `${'{"a":'.repeat(levels)}${inner}${'}'.repeat(levels)}`;
}

/** A body that is written by hand: what is nested this deep `JSON.stringify` cannot write. */
function raw(name: string, body: (bytes: number, salt: string) => string): Shape {
  return { name, request: (bytes, salt) => ({ ...post({}), body: body(bytes, salt) }) };
}

/** What makes variables, and bodies, long to read. */
export const values: readonly Shape[] = [
  raw('variables inside each other', (bytes, salt) => {
    return `{"query":"${createUser(salt)}","variables":{"i":${deep(bytes / 6, '1')}}}`;
  }),
  raw('a body of lists inside each other', (bytes) => `${'['.repeat(bytes / 2)}${']'.repeat(bytes / 2)}`),
  raw('a body that is no JSON', (bytes) => '['.repeat(bytes)),
  raw('a body with a long text that is no JSON', (bytes) => `{"query":"${'x'.repeat(bytes)}`),
  {
    name: 'a long list in place of a number',
    request: (bytes, salt) =>
      post({
        query: `query ${salt}($n:Int!) { users(first:$n) { id } }`,
        variables: { n: Array.from({ length: bytes / 2 }, () => 1) },
      }),
  },
  {
    name: 'an object with fields that are not there',
    request: (bytes, salt) =>
      post({
        query: createUser(salt),
        variables: { i: Object.fromEntries(Array.from({ length: bytes / 12 }, (_, n) => [`name${n}`, 1])) },
      }),
  },
  {
    name: 'variables that nothing declares',
    request: (bytes, salt) =>
      post({
        query: `query ${salt} { __typename }`,
        variables: Object.fromEntries(Array.from({ length: bytes / 12 }, (_, n) => [`v${n}`, 1])),
      }),
  },
  {
    name: 'a long text in place of an id',
    request: (bytes, salt) =>
      post({
        query: `query ${salt}($id:ID!) { ${fill(500, (n) => `a${n}:user(id:$id){id}`)} }`,
        variables: { id: '9'.repeat(bytes) },
      }),
  },
  {
    name: 'a long name of an operation',
    request: (bytes, salt) =>
      post({ query: `query ${salt} { __typename }`, operationName: 'x'.repeat(bytes) }),
  },
  {
    name: 'extensions',
    request: (bytes, salt) =>
      post({ query: `query ${salt} { __typename }`, extensions: { a: 'x'.repeat(bytes) } }),
  },
];
