import { setImmediate as settled } from 'node:timers/promises';
import { GraphQLError } from 'graphql';
import { describe, expect, it, vi } from 'vitest';
import type { OperationContext } from '../../src/operation/context.ts';
import { noteRead } from '../../src/response-cache/index.ts';
import { hit, stored } from '../support/cache-status.ts';
import { openPipeline, type PipelineReply, type TestPipeline } from '../support/pipeline.ts';

const typeDefs = `
  type Query {
    number: Int @cacheControl(maxAge: 60)
    mine: Int @cacheControl(maxAge: 60, scope: PRIVATE)
  }
  type Mutation { write: Boolean @invalidates(fields: ["Query.number"]) }
`;

const ada = { ip: '192.0.2.1', userId: '1', tiers: ['USER'] };
const bob = { ip: '192.0.2.1', userId: '2', tiers: ['USER'] };

const collapsed = 'sluice; fwd=miss; collapsed';

type Resolve = (context: OperationContext, call: number) => unknown;

/** Operations that wait at the gate once they have begun, and then go on with what `resolve` says. */
function openGated(resolve: Resolve = (_context, call) => call) {
  let gate = Promise.withResolvers<undefined>();
  const number = vi.fn(async (_: unknown, _args: unknown, context: OperationContext) => {
    const call = number.mock.calls.length;
    await gate.promise;
    return resolve(context, call);
  });
  const api = openPipeline(typeDefs, {
    Query: { number, mine: number },
    Mutation: { write: () => true },
  });
  return {
    api,
    number,
    open: () => {
      gate.resolve(undefined);
    },
    close: () => {
      gate = Promise.withResolvers();
    },
  };
}

/** Has as many ask the same at the same time, and tells what they were answered once the gate is opened. */
async function askAtOnce(
  count: number,
  { api, open }: { api: TestPipeline; open: () => void },
): Promise<PipelineReply[]> {
  const replies = Array.from({ length: count }, () => api.run('{ number }'));
  await settled();
  open();
  return Promise.all(replies);
}

const statusesOf = (replies: readonly PipelineReply[]): (string | undefined)[] =>
  replies.map(({ cacheStatus }) => cacheStatus);

describe('identical operations at the same time', () => {
  it('are executed once, and all are given the same', async () => {
    const gated = openGated();
    const replies = await askAtOnce(50, gated);
    expect(gated.number).toHaveBeenCalledTimes(1);
    expect(statusesOf(replies)).toEqual([stored, ...Array<string>(49).fill(collapsed)]);
    expect(new Set(replies.map(({ data }) => JSON.stringify(data)))).toEqual(new Set(['{"number":1}']));
    expect((await gated.api.run('{ number }')).cacheStatus).toBe(hit);
  });

  it.each([
    ['an error of a client', new GraphQLError('no', { extensions: { code: 'FORBIDDEN' } })],
    ['an unexpected error', new Error('broken')],
  ])('do not share %s: each of the others runs on its own', async (_title, error) => {
    const gated = openGated((_context, call) => {
      if (call === 1) throw error;
      return call;
    });
    const [first, ...others] = await askAtOnce(4, gated);
    expect(first?.errors).toHaveLength(1);
    expect(others.map(({ data, errors }) => [data?.['number'], errors])).toEqual([
      [2, undefined],
      [3, undefined],
      [4, undefined],
    ]);
  });

  it.each<[string, Resolve]>([
    ['has read what cannot be told', () => (noteRead(undefined), 7)],
    ['is for one caller only', ({ cache }) => (cache.restrict({ scope: 'PRIVATE' }), 7)],
    ['is not to be kept', ({ cache }) => (cache.restrict({ maxAge: 0 }), 7)],
  ])('run on their own where the first one %s', async (_title, resolve) => {
    const gated = openGated(resolve);
    const replies = await askAtOnce(3, gated);
    expect(gated.number).toHaveBeenCalledTimes(3);
    expect(replies.map(({ data }) => data?.['number'])).toEqual([7, 7, 7]);
    expect(statusesOf(replies)).not.toContain(collapsed);
  });

  it('do not wait for each other for ten seconds after one could not be shared, and then do again', async () => {
    const gated = openGated(({ cache }) => (cache.restrict({ maxAge: 0 }), 7));
    await askAtOnce(1, gated);
    const executionsOf = async () => {
      gated.close();
      gated.number.mockClear();
      const replies = [gated.api.run('{ number }'), gated.api.run('{ number }')];
      await settled();
      const begun = gated.number.mock.calls.length;
      gated.open();
      await Promise.all(replies);
      return begun;
    };
    expect(await executionsOf()).toBe(2);
    gated.api.clock.advance(9.999);
    expect(await executionsOf()).toBe(2);
    gated.api.clock.advance(10);
    expect(await executionsOf()).toBe(1);
  });

  it('wait for what is PRIVATE only where they are of the same caller', async () => {
    const { api, number, open } = openGated(({ caller }) => Number(caller.userId));
    const replies = [ada, bob, ada, bob].map((caller) => api.run('{ mine }', { caller }));
    await settled();
    open();
    expect((await Promise.all(replies)).map(({ data }) => data?.['mine'])).toEqual([1, 2, 1, 2]);
    expect(number).toHaveBeenCalledTimes(2);
  });

  it('are each executed for callers who are nobody, where it is PRIVATE', async () => {
    const { api, number, open } = openGated();
    const replies = [api.run('{ mine }'), api.run('{ mine }')];
    await settled();
    open();
    expect(statusesOf(await Promise.all(replies))).toEqual([undefined, undefined]);
    expect(number).toHaveBeenCalledTimes(2);
  });

  it('do not join one that began before a write that they have seen, but join each other', async () => {
    const { api, number, open } = openGated();
    const before = api.run('{ number }');
    await settled();
    await api.run('mutation { write }');
    const after = [api.run('{ number }'), api.run('{ number }')];
    await settled();
    expect(number).toHaveBeenCalledTimes(2);
    open();
    expect((await before).cacheStatus).toBe('sluice; fwd=miss; detail="overtaken"');
    expect(statusesOf(await Promise.all(after))).toEqual([stored, collapsed]);
    expect((await api.run('{ number }')).data).toEqual({ number: 2 });
  });
});
