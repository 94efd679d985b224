import type { IncomingMessage } from 'node:http';
import { graphql, type GraphQLResolveInfo } from 'graphql';
import { expect, it, vi } from 'vitest';
import type { Caller } from '../../../src/caller/caller.ts';
import { ask, codes, send } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';

const typeDefs = `
  type Query { dear: Int @rateLimit(limit: 3) slow: Int @rateLimit(limit: 3) free: Int }
  type Mutation { fail: Int @rateLimit(limit: 3, count: FAILURE) }
`;

/** Asks the schema for `dear` with the context of the operation that it is part of. */
async function runDear(
  _: unknown,
  _args: unknown,
  contextValue: unknown,
  { schema }: GraphQLResolveInfo,
): Promise<unknown> {
  return (await graphql({ schema, source: '{ dear }', contextValue })).data?.['dear'];
}

describeEngines((start) => {
  const json = { 'content-type': 'application/json' };

  it('who asks is found out once a request, however many operations and limits it has', async () => {
    const identify = vi.fn((_: IncomingMessage, caller: Caller): Caller => ({ ...caller, userId: 'ada' }));
    const { url } = await start({ typeDefs, identify });
    await send(url, [{ query: '{ a: dear b: slow }' }, { query: '{ dear }' }, { query: '{' }]);
    expect(identify).toHaveBeenCalledTimes(1);
    expect(codes((await ask(url, '{ x: dear y: dear }')).body)).toEqual(['RATE_LIMITED']);
    expect(identify).toHaveBeenCalledTimes(2);
  });

  it('an operation that a resolver runs is charged by itself, also for fields in the places of the outer one', async () => {
    const { url } = await start({
      typeDefs: 'type Query { dear: Int @rateLimit(limit: 3) inner: Int }',
      resolvers: { Query: { dear: () => 1, inner: runDear } },
    });
    const { headers, body } = await ask(url, '{ dear a: inner b: inner c: inner }');
    expect(body).toEqual({ data: { dear: 1, a: 1, b: 1, c: null } });
    expect(headers.get('ratelimit')).toBe('"Query.dear";r=2;t=60');
    expect(codes((await ask(url, '{ dear }')).body)).toEqual(['RATE_LIMITED']);
  });

  it('a client that hangs up has used what it asked for, and failures that it does not wait for are counted', async () => {
    const entered = Promise.withResolvers<undefined>();
    const gate = Promise.withResolvers<undefined>();
    const done = Promise.withResolvers<undefined>();
    const { url } = await start({
      typeDefs,
      resolvers: {
        Query: { slow: () => 1 },
        Mutation: {
          async fail() {
            entered.resolve(undefined);
            await gate.promise;
            done.resolve(undefined);
            throw new Error('failed');
          },
        },
      },
    });
    const hangUp = new AbortController();
    const body = JSON.stringify({ query: 'mutation { a: fail b: fail }' });
    const request = fetch(`${url}/graphql`, { method: 'POST', headers: json, body, signal: hangUp.signal });
    await entered.promise;
    hangUp.abort();
    await expect(request).rejects.toThrow();
    gate.resolve(undefined);
    await done.promise;
    const { body: later } = await ask(url, 'mutation { a: fail b: fail }');
    expect(codes(later)).toEqual(['INTERNAL_SERVER_ERROR', 'RATE_LIMITED']);
  });
});
