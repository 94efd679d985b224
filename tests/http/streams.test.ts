import { describe, expect, it } from 'vitest';
import type { TestAppOptions } from '../support/app.ts';
import { type Body, codes } from '../support/client.ts';
import { startOn } from '../support/describe-engines.ts';

async function* countTo(end: number) {
  for (let count = 1; count <= end; count += 1) yield await Promise.resolve({ count });
}

async function* failAfterOne() {
  yield await Promise.resolve({ failing: 1 });
  throw new Error('secret');
}

const ticking: TestAppOptions = {
  typeDefs: 'type Query { one: Int } type Subscription { count(to: Int!): Int failing: Int }',
  resolvers: {
    Query: { one: () => 1 },
    Subscription: {
      count: { subscribe: (_: unknown, { to }: { to: number }) => countTo(to) },
      failing: { subscribe: failAfterOne },
    },
  },
};

function subscribe(url: string, query: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify({ query }),
  });
}

describe('on Yoga an event stream', () => {
  const start = startOn('yoga');

  it('brings the events of a subscription', async () => {
    const { url } = await start(ticking);
    const response = await subscribe(url, 'subscription { count(to: 2) }');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(response.headers.get('x-request-id')).not.toBeNull();
    const events = (await response.text()).split('\n').filter((line) => line.startsWith('data: {'));
    expect(events).toEqual(['data: {"data":{"count":1}}', 'data: {"data":{"count":2}}']);
  });

  it('brings the answer to a query', async () => {
    const { url } = await start(ticking);
    const response = await subscribe(url, '{ one }');
    expect(await response.text()).toContain('data: {"data":{"one":1}}');
  });

  it('tells nothing of an unexpected error', async () => {
    const { url } = await start(ticking);
    const response = await subscribe(url, 'subscription { failing }');
    const text = await response.text();
    expect(text).toContain('data: {"data":{"failing":1}}');
    expect(text).not.toContain('secret');
  });

  it('is for callers with good credentials only', async () => {
    const { url } = await start(ticking);
    const response = await subscribe(url, 'subscription { count(to: 2) }', { 'x-api-key': 'slk_unknown' });
    expect(response.status).toBe(401);
    expect(codes((await response.json()) as Body)).toEqual(['UNAUTHENTICATED']);
  });
});

describe('on Apollo', () => {
  const start = startOn('apollo');

  it('an event stream cannot be had', async () => {
    const { url } = await start(ticking);
    const response = await subscribe(url, 'subscription { count(to: 2) }');
    expect(response.status).toBe(406);
    expect(codes((await response.json()) as Body)).toEqual(['NOT_ACCEPTABLE']);
  });

  it('JSON is given to those who would rather have a stream', async () => {
    const { url } = await start(ticking);
    const response = await subscribe(url, '{ one }', { accept: 'text/event-stream, application/json;q=0.5' });
    expect(await response.json()).toEqual({ data: { one: 1 } });
  });

  it('an upload cannot be sent', async () => {
    const { url } = await start(ticking);
    const headers = { 'graphql-preflight': '1' };
    const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body: new FormData() });
    expect(response.status).toBe(415);
  });
});
