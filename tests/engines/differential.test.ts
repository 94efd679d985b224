import { expect, it } from 'vitest';
import { badRequests } from '../support/bad-requests.ts';
import { aliased, type PlainReply, type PlainRequest, sendPlain } from '../support/client.ts';
import { type EngineKind, engines, startOn } from '../support/describe-engines.ts';
import { goodRequests } from '../support/good-requests.ts';
import { post } from '../support/requests.ts';

const lines = 'query ($first: Int!) { users(first: $first) { id name email } }';
const preflight = {
  method: 'OPTIONS',
  headers: { origin: 'https://studio.apollographql.com', 'access-control-request-method': 'POST' },
};

/** Requests that are sent one after the other to the same app. */
const sequences: readonly (readonly [title: string, requests: readonly PlainRequest[]])[] = [
  ...goodRequests.map(([title, request]) => [title, [request]] as const),
  ...badRequests.map(({ title, request }) => [title, [request]] as const),
  ...badRequests.map(({ title, request }) => {
    const headers = { accept: 'application/graphql-response+json', ...request.headers };
    return [`${title}, in the newer media type`, [{ ...request, headers }]] as const;
  }),
  ['a partial denial', [post({ query: `{ ${aliased(6, 'products { id }')} }` })]],
  ['a denial', Array<PlainRequest>(6).fill(post({ query: '{ products { id } }' }))],
  ['a denial in a batch', [post(Array(6).fill({ query: '{ products { id } }' }))]],
  ['a miss and a hit', Array<PlainRequest>(2).fill(post({ query: lines, variables: { first: 3 } }))],
  ['an error of a resolver', [post({ query: lines, variables: { first: 0 } })]],
  [
    'a wrong password',
    [post({ query: 'mutation { login(input: { email: "a@b.example", password: "x" }) { token } }' })],
  ],
  ['an unknown key', [post({ query: '{ __typename }' }, { 'x-api-key': 'slk_nothing' })]],
  ['a bad token', [post({ query: '{ __typename }' }, { authorization: 'Bearer no.thing' })]],
  ['a preflight', [preflight]],
  [
    'the probes',
    [
      { method: 'GET', path: '/health' },
      { method: 'GET', path: '/ready' },
    ],
  ],
];

it.each(sequences)('both engines give the same bytes for %s', async (_title, requests) => {
  const [yoga, apollo] = await Promise.all(engines.map((engine) => repliesOf(engine, requests)));
  expect(apollo).toEqual(yoga);
});

async function repliesOf(engine: EngineKind, requests: readonly PlainRequest[]): Promise<unknown[]> {
  const { url } = await startOn(engine)();
  const replies: unknown[] = [];
  for (const request of requests) replies.push(comparable(await sendPlain(url, request)));
  return replies;
}

/** The reply without what differs from one request to the next. */
function comparable({ status, headers, text }: PlainReply): unknown {
  const { date, 'x-request-id': requestId = '', ...others } = headers;
  expect(date).toBeDefined();
  return { status, headers: others, text: text.replaceAll(String(requestId), 'REQUEST ID') };
}
