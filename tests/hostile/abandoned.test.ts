import { once } from 'node:events';
import { type ClientRequest, request as httpRequest } from 'node:http';
import type { GraphQLResolveInfo } from 'graphql';
import { describe, expect, it } from 'vitest';
import { aliased, ask, codes, send } from '../support/client.ts';
import { describeEngines, startOn } from '../support/describe-engines.ts';

interface Seen {
  readonly signal: AbortSignal;
}

/** An API whose fields wait until the test lets them go on. */
function waiting() {
  const calls: string[] = [];
  const signals: AbortSignal[] = [];
  const pending: (() => void)[] = [];
  let onBegun = Promise.withResolvers<undefined>();
  const wait = async (name: string, context: Seen): Promise<string> => {
    calls.push(name);
    signals.push(context.signal);
    onBegun.resolve(undefined);
    await new Promise<void>((resolve) => pending.push(resolve));
    return name;
  };
  const field = (name: string) => (_: unknown, __: unknown, context: Seen) => wait(name, context);
  return {
    calls,
    signals,
    /** Resolves once a resolver has been called since the last time that this was asked. */
    begun: async () => {
      await onBegun.promise;
      onBegun = Promise.withResolvers<undefined>();
    },
    letGo: () => {
      for (const resolve of pending.splice(0)) resolve();
    },
    options: {
      typeDefs: `
        type Query {
          slow: String
          kept: String @cacheControl(maxAge: 60)
          old: String @cacheControl(maxAge: 1, staleIfError: 600)
          parent: Parent
          tells: Boolean
          long: [Text!]
        }
        type Parent { child: String }
        type Text { text: String }
        type Mutation { first: String second: String }
      `,
      resolvers: {
        Query: {
          slow: field('slow'),
          kept: field('kept'),
          old: field('old'),
          parent: field('parent'),
          tells: (_: unknown, __: unknown, { signal }: Seen, info: GraphQLResolveInfo) => {
            const told = info as GraphQLResolveInfo & { signal?: unknown; getAbortSignal?: () => unknown };
            return told.signal === signal && told.getAbortSignal?.() === signal;
          },
          long: () => Array.from({ length: 2000 }, () => ({ text: 'x'.repeat(100) })),
        },
        Parent: { child: field('child') },
        Mutation: { first: field('first'), second: field('second') },
      },
    },
  };
}

/** Begins a request, for its client to leave. */
function begin(url: string, body: unknown, accept = 'application/json'): ClientRequest {
  const headers = { 'content-type': 'application/json', accept };
  const request = httpRequest(`${url}/graphql`, { method: 'POST', headers });
  request.on('error', () => undefined);
  request.end(JSON.stringify(body));
  return request;
}

async function aborted(signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted === false) await once(signal, 'abort');
}

describeEngines((start) => {
  describe('an operation that takes too long', () => {
    it.each(['the first time', 'compiled'])('is answered with an error, %s', async (how) => {
      const api = waiting();
      const { url, clock } = await start({ ...api.options, env: { EXECUTION_TIMEOUT: '7' } });
      const query = 'query Slowly { slow }';
      for (let runs = how === 'compiled' ? 2 : 0; runs > 0; runs -= 1) {
        const reply = ask(url, query);
        await api.begun();
        api.letGo();
        expect((await reply).body).toEqual({ data: { slow: 'slow' } });
      }
      const reply = ask(url, query);
      await api.begun();
      clock.advance(7);
      const { status, body } = await reply;
      expect(status).toBe(504);
      expect(body).toEqual({
        errors: [
          {
            message: 'The operation took longer than the 7 seconds that EXECUTION_TIMEOUT allows.',
            extensions: { code: 'EXECUTION_TIMEOUT', timeout: 7 },
          },
        ],
      });
      expect(api.signals.at(-1)?.aborted).toBe(true);
    });

    it('begins nothing more', async () => {
      const api = waiting();
      const { url, clock } = await start(api.options);
      for (let run = 0; run < 2; run += 1) {
        const reply = ask(url, '{ parent { child } }');
        await api.begun();
        clock.advance(10);
        expect(codes((await reply).body)).toEqual(['EXECUTION_TIMEOUT']);
        api.letGo();
        // What the resolver returned would have been asked for its child before this is answered.
        await ask(url, '{ __typename }');
      }
      expect(api.calls).toEqual(['parent', 'parent']);
    });

    it('goes on for as long as it likes where there is no timeout', async () => {
      const api = waiting();
      const { url, clock } = await start({ ...api.options, env: { EXECUTION_TIMEOUT: 'off' } });
      const reply = ask(url, '{ slow }');
      await api.begun();
      clock.advance(1e6);
      await ask(url, '{ __typename }');
      api.letGo();
      expect((await reply).body).toEqual({ data: { slow: 'slow' } });
    });

    it('is answered with an old answer where that is allowed for errors', async () => {
      const api = waiting();
      const { url, clock } = await start(api.options);
      const first = ask(url, '{ old }');
      await api.begun();
      api.letGo();
      await first;
      clock.advance(100);
      const second = ask(url, '{ old }');
      await api.begun();
      clock.advance(10);
      expect((await second).body).toEqual({ data: { old: 'old' } });
    });

    it('of a mutation finishes the field that has begun, and begins none after it', async () => {
      const api = waiting();
      const { url, clock } = await start(api.options);
      const reply = ask(url, 'mutation { first second }');
      await api.begun();
      clock.advance(10);
      const { status, body } = await reply;
      expect(status).toBe(504);
      expect(body.errors?.[0]?.message).toContain('The field that had begun goes on');
      api.letGo();
      await ask(url, '{ __typename }');
      expect(api.calls).toEqual(['first']);
    });
  });

  describe('a client that leaves', () => {
    it.each([
      ['one operation', { query: '{ parent { child } }' }],
      ['a batch', [{ query: '{ parent { child } }' }, { query: '{ slow }' }]],
    ])('ends %s', async (_name, body) => {
      const api = waiting();
      const { url } = await start(api.options);
      const request = begin(url, body);
      await api.begun();
      request.destroy();
      await Promise.all(api.signals.map(aborted));
      const called = api.calls.length;
      api.letGo();
      await ask(url, '{ __typename }');
      expect(api.calls).toHaveLength(called);
      expect(api.calls).not.toContain('child');
    });

    it('leaves the answer that others wait for to one of them', async () => {
      const api = waiting();
      const { url } = await start(api.options);
      const request = begin(url, { query: '{ kept }' });
      await api.begun();
      const others = Array.from({ length: 5 }, () => ask(url, '{ kept }'));
      // Answered after the others have come to wait.
      await ask(url, '{ __typename }');
      request.destroy();
      await api.begun();
      api.letGo();
      for (const { body } of await Promise.all(others)) expect(body).toEqual({ data: { kept: 'kept' } });
      expect(api.calls).toEqual(['kept', 'kept']);
    });

    it('leaves nothing behind, however often', async () => {
      const api = waiting();
      const { url } = await start(api.options);
      for (let round = 0; round < 20; round += 1) {
        const request = begin(url, { query: `{ ${aliased(20, 'slow')} }` });
        await api.begun();
        request.destroy();
        await aborted(api.signals.at(-1));
      }
      const fresh = ask(url, '{ kept }');
      api.letGo();
      await api.begun();
      api.letGo();
      expect((await fresh).status).toBe(200);
    });
  });

  it('resolvers find one signal in the context and in info, the first time and compiled', async () => {
    const { url } = await start(waiting().options);
    for (let run = 0; run < 3; run += 1) {
      expect((await ask(url, '{ tells }')).body).toEqual({ data: { tells: true } });
    }
  });

  describe('a response that is too large', () => {
    const env = { RESPONSE_LIMIT: '100000' };
    const tooLarge = {
      message:
        'The response would take more than the 100000 bytes that RESPONSE_LIMIT allows. Ask for less at a time.',
      extensions: { code: 'RESPONSE_TOO_LARGE', limit: 100_000 },
    };

    it('is an error instead, the first time and compiled', async () => {
      const { url } = await start({ ...waiting().options, env });
      for (let run = 0; run < 3; run += 1) {
        const { status, body } = await ask(url, '{ long { text } }');
        expect(status).toBe(422);
        expect(body).toEqual({ errors: [tooLarge] });
      }
    });

    it('is an error for all that a batch adds up to', async () => {
      const { url } = await start({ ...waiting().options, env: { RESPONSE_LIMIT: '300000' } });
      const query = '{ long { text } }';
      expect((await send(url, { query })).status).toBe(200);
      const { body } = await send(url, [{ query }, { query }]);
      expect(JSON.stringify(body)).toContain('RESPONSE_TOO_LARGE');
      expect(JSON.stringify(body).length).toBeLessThan(300_000);
    });
  });
});

describe('on Yoga a client that leaves an event stream', () => {
  it.each([
    ['of events', 'subscription { count }'],
    ['of one answer', '{ slow }'],
  ])('ends what makes it, %s', async (_name, query) => {
    const ended = Promise.withResolvers<undefined>();
    const begun = Promise.withResolvers<undefined>();
    const source = {
      [Symbol.asyncIterator]: () => ({
        next: () => {
          begun.resolve(undefined);
          return new Promise<never>(() => undefined);
        },
        return: () => {
          ended.resolve(undefined);
          return Promise.resolve({ done: true, value: undefined });
        },
      }),
    };
    const slow = async (_: unknown, __: unknown, { signal }: Seen): Promise<null> => {
      begun.resolve(undefined);
      await aborted(signal);
      ended.resolve(undefined);
      return null;
    };
    const { url } = await startOn('yoga')({
      typeDefs: 'type Query { slow: Int } type Subscription { count: Int }',
      resolvers: { Query: { slow }, Subscription: { count: { subscribe: () => source } } },
    });
    const request = begin(url, { query }, 'text/event-stream');
    await begun.promise;
    request.destroy();
    await expect(ended.promise).resolves.toBeUndefined();
  });
});
