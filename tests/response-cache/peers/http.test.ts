import { GraphQLScalarType } from 'graphql';
import { expect, it } from 'vitest';
import type { RequestContext } from '../../../src/app/application.ts';
import { codes, send, sendPlain } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { get, post } from '../../support/requests.ts';

const query = (text: string) => get({ query: text }, { accept: 'application/json' });

describeEngines((start) => {
  it('a kept answer brings nobody the header fields that came with it the first time', async () => {
    const typeDefs = 'type Query { f: Int @cacheControl(maxAge: 60) }';
    const { url } = await start({
      typeDefs,
      resolvers: {
        Query: {
          f(_: unknown, _args: unknown, { headers }: RequestContext) {
            headers.set('Set-Cookie', 'session=ada').set('X-Seen', 'ada');
            return 1;
          },
        },
      },
    });
    const first = await sendPlain(url, post({ query: '{ f }' }));
    expect(first.headers).toMatchObject({ 'set-cookie': ['session=ada'], 'x-seen': 'ada' });
    for (const request of [post({ query: '{ f }' }), query('{ f }')]) {
      const { headers, text } = await sendPlain(url, request);
      expect([headers['cache-status'], text]).toEqual(['sluice; hit; ttl=60', first.text]);
      expect(headers).not.toHaveProperty('set-cookie');
      expect(headers).not.toHaveProperty('x-seen');
      expect(headers['x-request-id']).not.toBe(first.headers['x-request-id']);
    }
  });

  it('a kept answer has the bytes of the first one, whatever its scalars are made of', async () => {
    const any = new GraphQLScalarType({ name: 'Any', serialize: (value) => value });
    const values = [new Date(0), { b: 1, a: [undefined, null] }, 1e21, -0, 'ü\u2028"\\', '\ud800', [[], {}]];
    let next = 0;
    const { url } = await start({
      typeDefs: 'scalar Any type Query { any(n: Int): Any @cacheControl(maxAge: 60) }',
      resolvers: { Any: any, Query: { any: () => [values, next++] } },
    });
    const first = await sendPlain(url, query('{ b: any(n: 1) a: any(n: 2) }'));
    const again = await sendPlain(url, query('{ b: any(n: 1) a: any(n: 2) }'));
    expect(again.headers['cache-status']).toContain('hit');
    expect(again.text).toBe(first.text);
    expect(first.text).toBe(JSON.stringify({ data: { b: [values, 0], a: [values, 1] } }));
    expect(again.headers.etag).toBe(first.headers.etag);
  });

  it('a request without a text is not given the answer to another one without', async () => {
    const { url } = await start();
    for (const hash of ['1', '2']) {
      const extensions = { persistedQuery: { version: 1, sha256Hash: hash.repeat(64) } };
      const { status, body } = await send(url, { extensions });
      expect([status, codes(body), body.data]).toEqual([200, ['PERSISTED_QUERY_NOT_FOUND'], undefined]);
    }
  });

  it('a client that has an old answer is given the new one after a write, and its mutations run', async () => {
    let count = 1;
    const { url } = await start({
      typeDefs: `
        type Query { count: Int @cacheControl(maxAge: 60) }
        type Mutation { add: Int @invalidates(fields: ["Query.count"]) }
      `,
      resolvers: { Query: { count: () => count }, Mutation: { add: () => (count += 1) } },
    });
    const first = await sendPlain(url, query('{ count }'));
    const { etag = '' } = first.headers;
    const held = { 'if-none-match': etag, accept: 'application/json' };
    expect((await sendPlain(url, get({ query: '{ count }' }, held))).status).toBe(304);
    const mutation = await sendPlain(url, post({ query: 'mutation { add }' }, { 'if-none-match': '*' }));
    expect([mutation.status, mutation.text]).toEqual([200, '{"data":{"add":2}}']);
    const since = { ...held, 'if-modified-since': new Date(8.64e14).toUTCString() };
    const changed = await sendPlain(url, get({ query: '{ count }' }, since));
    expect([changed.status, changed.text]).toEqual([200, '{"data":{"count":2}}']);
    expect(changed.headers.etag).not.toBe(etag);
  });

  it('the entity tag of a PRIVATE answer is of no use to anybody else', async () => {
    const { url, by } = await start({
      keys: { one: [], two: [] },
      typeDefs: 'type Query { mine: String @cacheControl(maxAge: 60, scope: PRIVATE) }',
      resolvers: {
        Query: { mine: (_: unknown, _args: unknown, { caller }: RequestContext) => caller.apiKeyId },
      },
    });
    const ask = (headers: Record<string, string>) =>
      sendPlain(url, get({ query: '{ mine }' }, { accept: 'application/json', ...headers }));
    const ofOne = await ask(by.one);
    const { etag = '' } = ofOne.headers;
    expect((await ask({ ...by.one, 'if-none-match': etag })).status).toBe(304);
    const ofTwo = await ask({ ...by.two, 'if-none-match': etag });
    expect(ofTwo.status).toBe(200);
    expect(ofTwo.text).not.toBe(ofOne.text);
    expect((await ask({ 'if-none-match': etag })).status).toBe(200);
  });
});
