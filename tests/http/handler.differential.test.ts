import { once } from 'node:events';
import { connect } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { describe, expect, it, vi } from 'vitest';
import type * as Front from '../../src/http/handler.ts';
import { aliased, type PlainRequest } from '../support/client.ts';
import { type EngineKind, engines, startOn } from '../support/describe-engines.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { get, post } from '../support/requests.ts';

/** Which front the next app gets. */
const chosen = vi.hoisted(() => ({ isReference: false }));

vi.mock('../../src/http/handler.ts', async (original) => {
  const { createHandler } = await original<typeof Front>();
  const { createReferenceHandler } = await import('./reference-handler.ts');
  return {
    createHandler: (options: Parameters<typeof createHandler>[0]) =>
      chosen.isReference ? createReferenceHandler(options, new FakeClock()) : createHandler(options),
  };
});

const users = '{ users { id name email } }';
const newer = { accept: 'application/graphql-response+json' };
const page = 'query Page($first: Int!) { users(first: $first) { name } user(id: 1) { email } }';
const times = (count: number, request: PlainRequest): PlainRequest[] =>
  Array<PlainRequest>(count).fill(request);
const anyTag = { 'if-none-match': '*' };

/** Requests that are sent one after the other to the same app; the last ones are hits, 304s and rejections. */
const sequences: readonly (readonly [title: string, requests: readonly PlainRequest[]])[] = [
  ['a hit', times(3, post({ query: users }))],
  ['a hit in the newer media type', times(2, post({ query: users }, newer))],
  ['a hit in any media type', [post({ query: users }), post({ query: users }, { accept: '*/*' })]],
  [
    'a hit that prefers another media type',
    times(2, post({ query: users }, { accept: 'text/html, application/json;q=0.9, */*;q=0.8' })),
  ],
  [
    'a hit of another text',
    [post({ query: users }), post({ query: `# comment\n query { users { id, name, email } }` })],
  ],
  ['a hit with variables', times(2, post({ query: page, variables: { first: 2 }, operationName: 'Page' }))],
  [
    'a hit with a variable that is not declared',
    [
      post({ query: page, variables: { first: 2 } }),
      post({ query: page, variables: { first: 2, nonce: 'é🏃' } }),
    ],
  ],
  ['a hit from a page', times(2, post({ query: users }, { origin: 'https://app.example' }))],
  [
    'a hit with a charset',
    times(2, post({ query: users }, { 'content-type': 'application/json; charset=utf-8' })),
  ],
  [
    'a hit with a charset in quotes',
    times(2, post({ query: users }, { 'content-type': 'application/json;charset="UTF-8"' })),
  ],
  ['a hit with a byte order mark', times(2, { ...post(`\uFEFF${JSON.stringify({ query: users })}`) })],
  ['a hit by GET', times(2, get({ query: users }))],
  [
    'a hit by GET with variables',
    times(2, get({ query: page, variables: '{"first":1}', operationName: 'Page' })),
  ],
  ['a hit by HEAD', [get({ query: users }), { ...get({ query: users }), method: 'HEAD' }]],
  ['a 304', [get({ query: users }), get({ query: users }, anyTag)]],
  ['a 304 by HEAD', [get({ query: users }), { ...get({ query: users }, anyTag), method: 'HEAD' }]],
  [
    'a 304 to a page',
    [get({ query: users }), get({ query: users }, { ...anyTag, origin: 'https://app.example' })],
  ],
  ['no 304 by POST', [post({ query: users }), post({ query: users }, anyTag)]],
  [
    'no 304 to another tag',
    [get({ query: users }), get({ query: users }, { 'if-none-match': '"x", W/"y"' })],
  ],
  ['a hit of a limited field', times(3, post({ query: '{ user(id: 1) { name } }' }))],
  [
    'a 304 of a limited field',
    [get({ query: '{ user(id: 1) { name } }' }), get({ query: '{ user(id: 1) { name } }' }, anyTag)],
  ],
  ['a hit of nothing', times(2, post({ query: '{ user(id: 4711) { name } }' }))],
  ['a rejection', times(7, post({ query: '{ products { id } }' }))],
  ['a rejection in the newer media type', times(6, post({ query: '{ products { id } }' }, newer))],
  ['a rejection by GET', times(6, get({ query: '{ products { id } }' }))],
  ['a rejection by HEAD', times(6, { ...get({ query: '{ products { id } }' }), method: 'HEAD' })],
  [
    'a rejection from a page',
    times(6, post({ query: '{ products { id } }' }, { origin: 'https://app.example' })),
  ],
  [
    'a rejection of several fields',
    times(2, post({ query: `{\n  ${aliased(6, 'products { id }')}\n  more: products { name } }` })),
  ],
  [
    'a rejection in a fragment',
    times(6, post({ query: 'query { ...All } fragment All on Query {\n products { id } }' })),
  ],
  ['a rejection by several limits', times(11, post({ query: '{ searchProducts(query: "a") { id } }' }))],
  ['a rejection of a kept answer', times(11, post({ query: '{ user(id: 1) { name } }' }))],
  ['a rejection in the place of a 304', times(11, get({ query: '{ user(id: 1) { name } }' }, anyTag))],
  [
    'a rejection of a mutation',
    times(4, post({ query: 'mutation { createUser(input: { name: "", email: "", password: "" }) { id } }' })),
  ],
  ['a denial of a part', [post({ query: `{ ${aliased(6, 'products { id }')} health { status } }` })]],
  ['an execution', times(2, post({ query: '{ products { id name price } __typename }' }))],
  ['an error of a resolver', times(2, post({ query: '{ product(id: 4711) { id } }' }))],
];

describe.each(engines)('the handler before %s', (engine) => {
  it.each(sequences)(
    'sends the fields and bytes that the server behind it would send: %s',
    async (_title, requests) => {
      const replies = await repliesOf(engine, requests, false);
      expect(replies).toEqual(await repliesOf(engine, requests, true));
    },
  );

  it('answers itself what the table calls a hit, a 304 and a rejection', async () => {
    const outcomes = new Map<string, string>();
    for (const [title, requests] of sequences) {
      const last = (await repliesOf(engine, requests, false)).at(-1) ?? '';
      outcomes.set(
        title,
        `${last.slice(9, 12)} ${/^Cache-Status: sluice; (\w+)/m.exec(last)?.[1] ?? ''}`.trim(),
      );
    }
    for (const [title, outcome] of outcomes) {
      if (title.startsWith('a hit')) expect([title, outcome]).toEqual([title, '200 hit']);
      if (title.startsWith('a 304')) expect([title, outcome]).toEqual([title, '304 hit']);
      if (title.startsWith('a rejection')) expect([title, outcome]).toEqual([title, '429']);
    }
  });
});

async function repliesOf(
  engine: EngineKind,
  requests: readonly PlainRequest[],
  isReference: boolean,
): Promise<string[]> {
  chosen.isReference = isReference;
  const { url } = await startOn(engine)();
  const replies: string[] = [];
  for (const request of requests) replies.push(comparable(await rawReply(url, request)));
  return replies;
}

/** Every byte that comes back for a request on a connection of its own. */
async function rawReply(
  url: string,
  { method = 'POST', path = '/graphql', headers, body = '' }: PlainRequest,
): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  const length = method === 'POST' ? { 'content-length': String(Buffer.byteLength(body)) } : {};
  const fields = Object.entries({ host: 'localhost', connection: 'close', ...length, ...headers });
  socket.write(
    `${method} ${path} HTTP/1.1\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
  );
  socket.write(body);
  return textOf(socket);
}

/** A reply with its fields in the order of their names, without what differs from one request to the next. */
function comparable(reply: string): string {
  const [head = '', body = ''] = reply.split('\r\n\r\n');
  const [status = '', ...fields] = head.split('\r\n');
  const told = fields.filter((field) => !/^(?:Date|X-Request-Id): ./.test(field));
  expect(told.length).toBe(fields.length - 2);
  return [status, ...told.toSorted(), '', body].join('\n');
}
