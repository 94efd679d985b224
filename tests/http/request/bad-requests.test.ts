import { describe, expect, it } from 'vitest';
import { badRequests } from '../../support/bad-requests.ts';
import { ask, askByGet, type Body, codes, send, sendPlain } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { post } from '../../support/requests.ts';

describeEngines((start) => {
  describe.each([
    ['application/json', 0],
    ['application/graphql-response+json', 1],
  ] as const)('for clients that accept %s', (accept, index) => {
    it.each(badRequests)(
      'refuses $title with $statuses.0/$statuses.1 $code, and goes on',
      async ({ request, statuses, code, message }) => {
        const { url } = await start();
        const headers = { accept, ...request.headers };
        const { status, text, headers: answered } = await sendPlain(url, { ...request, headers });
        const body = JSON.parse(text) as Body;
        expect({ status, codes: codes(body) }).toEqual({ status: statuses[index], codes: [code] });
        expect(body.errors?.[0]?.message).toMatch(message);
        expect(body).not.toHaveProperty('data');
        expect(answered['content-type']).toMatch(/^application\/(graphql-response\+)?json; charset=utf-8$/);
        expect((await ask(url, '{ __typename }')).body).toEqual({ data: { __typename: 'Query' } });
      },
    );
  });

  it.each([
    ['an image by POST', post({ query: '{ __typename }' }, { accept: 'image/png' })],
    ['HTML by POST', post({ query: '{ __typename }' }, { accept: 'text/html' })],
    ['anything but JSON', post({ query: '{ __typename }' }, { accept: 'application/json;q=0' })],
    [
      'an image by GET',
      { method: 'GET', path: '/graphql?query={__typename}', headers: { accept: 'image/png' } },
    ],
  ])('refuses to answer with %s', async (_title, request) => {
    const { url } = await start();
    const { status, text } = await sendPlain(url, request);
    expect({ status, codes: codes(JSON.parse(text) as Body) }).toEqual({
      status: 406,
      codes: ['NOT_ACCEPTABLE'],
    });
  });

  it('says which methods there are', async () => {
    const { url } = await start();
    const { headers, status } = await sendPlain(url, { method: 'DELETE' });
    expect({ status, allow: headers.allow }).toEqual({ status: 405, allow: 'GET, HEAD, POST, OPTIONS' });
  });

  it('does not execute a mutation that comes by GET', async () => {
    const { url, adminKey = '' } = await start();
    const headers = { 'x-api-key': adminKey };
    const { status, headers: answered } = await askByGet(
      url,
      { query: 'mutation { deleteProduct(id: 1) }' },
      headers,
    );
    expect({ status, allow: answered.get('allow') }).toEqual({ status: 405, allow: 'POST' });
    expect((await ask(url, '{ product(id: 1) { id } }')).body).toEqual({ data: { product: { id: '1' } } });
  });

  it('refuses a subscription that is asked for in JSON', async () => {
    const { url } = await start({
      typeDefs: 'type Query { a: Int } type Subscription { ticks: Int }',
      resolvers: { Subscription: { ticks: { subscribe: () => Promise.reject(new Error('not to be run')) } } },
    });
    const { status, body } = await ask(url, 'subscription { ticks }');
    expect({ status, codes: codes(body) }).toEqual({ status: 406, codes: ['NOT_ACCEPTABLE'] });
    expect(body.errors?.[0]?.message).toMatch(/answered as a stream/);
  });

  it('refuses a body that is larger than configured, and takes one that is as large', async () => {
    const { url } = await start({ env: { BODY_LIMIT: '2000' } });
    const sized = (bytes: number): string => {
      const body = JSON.stringify({ query: '{ __typename }', x: '' });
      return body.replace('"x":""', `"x":"${'x'.repeat(bytes - body.length)}"`);
    };
    expect((await send(url, sized(2000))).status).toBe(200);
    expect((await send(url, sized(2001))).status).toBe(413);
  });
});
