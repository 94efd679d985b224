import { describe, expect, it } from 'vitest';
import type { TestAppOptions } from '../../support/app.ts';
import { ask, type Body, codes } from '../../support/client.ts';
import { startOn } from '../../support/describe-engines.ts';
import { left, leftOf } from '../../support/fixtures/limited-fields.ts';

async function* countTo(end: number) {
  for (let n = 1; n <= end; n += 1) yield await Promise.resolve({ ticks: { n, dear: n } });
}

const Query = { left, free: () => 1, one: () => 1 };

const ticking: TestAppOptions = {
  typeDefs: `
    directive @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT
    type Query { left(of: String!): Int free: Int one: Int @rateLimit(limit: 2) }
    type Tick { n: Int dear: Int @rateLimit(limit: 3) }
    type Subscription { ticks(to: Int!): Tick @rateLimit(limit: 2) }
  `,
  resolvers: {
    Query,
    Subscription: { ticks: { subscribe: (_: unknown, { to }: { to: number }) => countTo(to) } },
  },
};

interface Streamed {
  readonly status: number;
  readonly headers: Headers;
  readonly bodies: readonly Body[];
}

/** Asks for a stream; resolves once it is open. */
function open(url: string, query: string, accept = 'text/event-stream'): Promise<Response> {
  return fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: JSON.stringify({ query }),
  });
}

/** Asks for a stream, and reads it to its end. */
async function stream(url: string, query: string, accept?: string): Promise<Streamed> {
  return read(await open(url, query, accept));
}

async function streamByGet(url: string, query: string): Promise<Streamed> {
  const headers = { accept: 'text/event-stream' };
  return read(await fetch(`${url}/graphql?${new URLSearchParams({ query }).toString()}`, { headers }));
}

async function read(response: Response): Promise<Streamed> {
  const text = await response.text();
  const bodies = [...text.matchAll(/^(?:data: )?(\{.*\})\r?$/gm)].map(
    ([, json = '']) => JSON.parse(json) as Body,
  );
  return { status: response.status, headers: response.headers, bodies };
}

describe('limits of streams', () => {
  const start = startOn('yoga');

  it.each(['text/event-stream', 'multipart/mixed'])(
    'charge a query as %s once, and deny it',
    async (accept) => {
      const { url } = await start(ticking);
      const { headers, bodies } = await stream(url, '{ one }', accept);
      expect(headers.get('content-type')).toContain(accept);
      expect(headers.get('ratelimit')).toBe('"Query.one";r=1;t=60');
      expect(headers.get('ratelimit-policy')).toBe('"Query.one";q=2;w=60');
      expect(bodies).toEqual([{ data: { one: 1 } }]);
      await ask(url, '{ one }');
      const denied = await stream(url, '{ one }', accept);
      expect(denied.headers.get('retry-after')).toBe('60');
      expect(denied.headers.get('ratelimit')).toBe('"Query.one";r=0;t=60');
      expect(denied.bodies).toEqual([(await ask(url, '{ one }')).body]);
    },
  );

  it('charge a query by GET once', async () => {
    const { url } = await start(ticking);
    expect((await streamByGet(url, '{ one }')).bodies).toEqual([{ data: { one: 1 } }]);
    expect(await leftOf(url, 'Query.one')).toBe(1);
  });

  it('charge what is deferred with the rest', async () => {
    const { url } = await start(ticking);
    const query = '{ free one ... @defer { later: one third: one } }';
    const { headers, bodies } = await stream(url, query, 'multipart/mixed');
    expect(headers.get('retry-after')).toBe('60');
    expect(bodies.length).toBeGreaterThan(1);
    expect(bodies[0]).toMatchObject({ data: { free: 1, one: 1 } });
    const deferred = JSON.stringify(bodies);
    expect(deferred).toContain('{"later":1,"third":null}');
    expect(deferred.match(/RATE_LIMITED/g)).toHaveLength(1);
  });

  it('charge a subscription once, however many events it has', async () => {
    const { url } = await start(ticking);
    const { headers, bodies } = await stream(url, 'subscription { ticks(to: 20) { n dear } }');
    expect(bodies).toHaveLength(20);
    expect(bodies[19]).toEqual({ data: { ticks: { n: 20, dear: 20 } } });
    expect(headers.get('ratelimit')).toBe('"Subscription.ticks";r=1;t=60, "Tick.dear";r=2;t=60');
    expect(await leftOf(url, 'Subscription.ticks')).toBe(1);
    expect(await leftOf(url, 'Tick.dear')).toBe(2);
  });

  it('deny opening a subscription', async () => {
    const { url, clock } = await start(ticking);
    const query = 'subscription { ticks(to: 1) { n } }';
    for (let count = 0; count < 2; count += 1) expect((await stream(url, query)).bodies).toHaveLength(1);
    const { headers, bodies } = await stream(url, query);
    expect(headers.get('retry-after')).toBe('60');
    expect(bodies).toMatchObject([{ errors: [{ path: ['ticks'], extensions: { code: 'RATE_LIMITED' } }] }]);
    expect(bodies[0]).not.toHaveProperty('data');
    clock.advance(60);
    expect((await stream(url, query)).bodies).toHaveLength(1);
  });

  it('deny a field of the events for as long as the subscription lasts', async () => {
    const { url } = await start(ticking);
    const query = 'subscription { ticks(to: 3) { n a: dear b: dear c: dear d: dear } }';
    const { bodies } = await stream(url, query);
    expect(bodies.map(({ data }) => data)).toEqual(
      [1, 2, 3].map((n) => ({ ticks: { n, a: n, b: n, c: n, d: null } })),
    );
  });

  it('let a subscription go on after its limit is used up', async () => {
    const { promise: go, resolve: letGo } = Promise.withResolvers<undefined>();
    async function* waitInBetween() {
      yield { ticks: { n: 1, dear: 1 } };
      await go;
      yield { ticks: { n: 2, dear: 2 } };
    }
    const resolvers = { Query, Subscription: { ticks: { subscribe: waitInBetween } } };
    const { url } = await start({ ...ticking, resolvers });
    const query = 'subscription { ticks(to: 2) { dear } }';
    const running = [await open(url, query), await open(url, query)];
    expect((await stream(url, query)).bodies.map(codes)).toEqual([['RATE_LIMITED']]);
    letGo(undefined);
    for (const { bodies } of await Promise.all(running.map(read))) {
      expect(bodies.map(({ data }) => data)).toEqual([{ ticks: { dear: 1 } }, { ticks: { dear: 2 } }]);
    }
  });

  it.each([
    ['that does not parse', '{', 'GRAPHQL_PARSE_FAILED'],
    ['that is not valid', '{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['whose variables cannot be coerced', 'query ($of: String!) { left(of: $of) one }', 'BAD_USER_INPUT'],
  ])('charge a stream %s to the limit of invalid requests', async (_title, query, code) => {
    const { url } = await start({ ...ticking, env: { INVALID_REQUEST_LIMIT: '2 per minute' } });
    // Once the limit is used up, only what is known to be valid is answered.
    await stream(url, '{ one }');
    for (let count = 0; count < 2; count += 1) {
      expect((await stream(url, query)).bodies.map(codes)).toEqual([[code]]);
    }
    const { status, headers, bodies } = await stream(url, query);
    expect([status, headers.get('retry-after')]).toEqual([429, '60']);
    expect(bodies).toMatchObject([
      { errors: [{ extensions: { code: 'RATE_LIMITED', policy: 'sluice.invalid' } }] },
    ]);
    expect((await stream(url, '{ one }')).bodies).toEqual([{ data: { one: 1 } }]);
    expect((await stream(url, '{ one }')).headers.get('ratelimit')).toBe('"Query.one";r=0;t=60');
  });
});
