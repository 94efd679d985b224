import { describe, expect, it, vi } from 'vitest';
import type { OperationContext } from '../../src/operation/context.ts';
import type { Restriction } from '../../src/response-cache/index.ts';
import { stored } from '../support/cache-status.ts';
import { openPipeline, type TestPipeline } from '../support/pipeline.ts';

const typeDefs = `
  type Query {
    shared: Int @cacheControl(maxAge: 60)
    mine: Int @cacheControl(maxAge: 60, scope: PRIVATE)
    other: Int @cacheControl(maxAge: 60)
  }
`;
const ada = { ip: '192.0.2.1', userId: '1', tiers: ['USER'] };
const refused = 'sluice; fwd=miss; detail="not-wanted"';

/** Fields that restrict the answer they are in, one after the other. */
function openRestricting(...restrictions: readonly Restriction[]): TestPipeline {
  const field = vi.fn((_: unknown, _args: unknown, { cache }: OperationContext) => {
    for (const restriction of restrictions) cache.restrict(restriction);
    return 1;
  });
  return openPipeline(typeDefs, { Query: { shared: field, mine: field, other: () => 1 } });
}

async function statusesOf(api: TestPipeline, source: string): Promise<(string | undefined)[]> {
  const first = await api.run(source, { caller: ada });
  return [first.cacheStatus, (await api.run(source, { caller: ada })).cacheStatus];
}

describe('a resolver that restricts the answer', () => {
  it.each<[string, Restriction[], number]>([
    ['shortens its time', [{ maxAge: 10 }], 10],
    ['cannot make it longer than the schema allows', [{ maxAge: 600 }], 60],
    ['shortens it to the least of several', [{ maxAge: 30 }, { maxAge: 5 }, { maxAge: 20 }], 5],
    ['changes nothing by saying nothing', [{}], 60],
    ['changes nothing by allowing what is allowed', [{ scope: 'PUBLIC' }], 60],
    ['may shorten and allow in different calls', [{ scope: 'PUBLIC' }, { maxAge: 7 }], 7],
  ])('%s', async (_title, restrictions, seconds) => {
    const api = openRestricting(...restrictions);
    expect(await statusesOf(api, '{ shared }')).toEqual([stored, `sluice; hit; ttl=${seconds}`]);
    api.clock.advance(seconds);
    expect((await api.run('{ shared }')).cacheStatus).toBe(stored);
  });

  it.each<[string, Restriction[]]>([
    ['no time at all', [{ maxAge: 0 }]],
    ['less than none', [{ maxAge: -5 }]],
    ['a time that is no number', [{ maxAge: NaN }]],
    ['none, whatever was said before and after', [{ maxAge: 5 }, { maxAge: 0 }, { maxAge: 9 }]],
    ['itself, where the schema has others share it', [{ scope: 'PRIVATE' }]],
    ['itself, whatever is said later', [{ scope: 'PRIVATE' }, { scope: 'PUBLIC' }, { maxAge: 9 }]],
  ])('keeps nothing for %s', async (_title, restrictions) => {
    expect(await statusesOf(openRestricting(...restrictions), '{ shared }')).toEqual([refused, refused]);
  });

  it.each<[string, Restriction]>([
    ['PRIVATE', { scope: 'PRIVATE' }],
    ['PUBLIC, which the schema does not allow', { scope: 'PUBLIC' }],
  ])('leaves to each caller what is theirs by the schema, by saying %s', async (_title, restriction) => {
    const api = openRestricting(restriction);
    expect(await statusesOf(api, '{ mine }')).toEqual([stored, 'sluice; hit; ttl=60']);
    expect((await api.run('{ mine }', { caller: { ...ada, userId: '2' } })).cacheStatus).toBe(stored);
    expect((await api.run('{ mine }')).cacheStatus).toBeUndefined();
  });

  it('restricts the operation that it is in, and no other', async () => {
    const api = openRestricting({ maxAge: 0 });
    expect(await statusesOf(api, '{ shared other }')).toEqual([refused, refused]);
    expect(await statusesOf(api, '{ other }')).toEqual([stored, 'sluice; hit; ttl=60']);
  });
});
