import { describe, expect, it } from 'vitest';
import type { Caller } from '../../../src/caller/caller.ts';
import { codesOf } from '../../support/declared.ts';
import { openPipeline } from '../../support/pipeline.ts';

const sdl = `
  type Query {
    dear: Int @cacheControl(maxAge: 60) @rateLimit(limit: 2)
    other: Int @cacheControl(maxAge: 60)
    must: Int! @cacheControl(maxAge: 60) @rateLimit(limit: 1)
    mine: String @cacheControl(maxAge: 60, scope: PRIVATE)
  }
`;
const ada: Caller = { ip: '192.0.2.1', userId: 'ada', tiers: [] };
const bob: Caller = { ip: '192.0.2.1', userId: 'bob', tiers: [] };

function open() {
  const mine = (_: unknown, _args: unknown, { caller }: { caller: Caller }) => caller.ip;
  return openPipeline(sdl, { Query: { dear: () => 1, other: () => 3, must: () => 1, mine } });
}

describe('an answer from the cache', () => {
  it('costs the same whatever the operation is called and however it is written', async () => {
    const { run } = open();
    const replies = [];
    for (const source of [
      'query A { dear }',
      'query A {  dear # again\n }',
      'query B { dear }',
      '{ x: dear }',
    ])
      replies.push(await run(source, { caller: ada }));
    expect(replies.map(codesOf)).toEqual([[], [], ['RATE_LIMITED'], ['RATE_LIMITED']]);
    expect(replies[1]?.cacheStatus).toBe('sluice; hit; ttl=60');
  });

  it('is not given, nor spoilt, where the operation is rejected', async () => {
    const { run } = open();
    await run('{ must other }', { caller: ada });
    const rejected = await run('{ must other }', { caller: ada });
    expect(rejected).not.toHaveProperty('data');
    expect(codesOf(rejected)).toEqual(['RATE_LIMITED']);
    expect(await run('{ must other }', { caller: bob })).toMatchObject({
      data: { must: 1, other: 3 },
      cacheStatus: 'sluice; hit; ttl=60',
    });
  });

  it.each([{ userId: '' }, { apiKeyId: '' }, { userId: '', apiKeyId: '' }])(
    'that is PRIVATE is not shared by callers whose identity is empty: %j',
    async (nobody) => {
      const { run } = open();
      for (const ip of ['192.0.2.1', '192.0.2.2'])
        expect((await run('{ mine }', { caller: { ip, tiers: [], ...nobody } })).data).toEqual({ mine: ip });
    },
  );
});
