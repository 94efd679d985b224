import { describe, expect, it } from 'vitest';
import {
  type AnswerStore,
  createInvalidate,
  createMemoryStore,
  noteRead,
} from '../../src/response-cache/index.ts';
import { type Invalidation } from '../../src/response-cache/invalidation.ts';
import { newReads, recordReads } from '../../src/response-cache/reads.ts';
import { ask, declare } from '../support/declared.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { openPipeline, type TestPipeline } from '../support/pipeline.ts';

const typeDefs = `
  type Query {
    table: Item @cacheControl(maxAge: 60)
    entity: Item @cacheControl(maxAge: 60, level: ENTITY)
    ttl: Item @cacheControl(maxAge: 60, level: TTL)
    ttls: [Item] @cacheControl(maxAge: 60, level: TTL)
    stat: Stat @cacheControl(maxAge: 60)
    statByTable: Stat @cacheControl(maxAge: 60, level: TABLE)
    thing: Thing @cacheControl(maxAge: 60)
  }
  type Mutation {
    item: Item
    stat: Stat
    declared: Boolean @invalidates(fields: ["Query.ttl"])
  }
  interface Thing { id: ID }
  type Item { id: ID child: Child @cacheControl(maxAge: 60) }
  type Stat implements Thing @cacheControl(level: TTL) { id: ID }
  type Part implements Thing { id: ID }
  type Child { id: ID }
`;

async function item(): Promise<object> {
  await Promise.resolve();
  noteRead(new Set(['items']));
  return { __typename: 'Stat', id: '1', child };
}

function child(): object {
  noteRead(new Set(['children']));
  return { id: '1' };
}

const resolvers = {
  Query: {
    table: item,
    entity: item,
    ttl: item,
    ttls: () => [item()],
    stat: item,
    statByTable: item,
    thing: item,
  },
  Mutation: { item, stat: item, declared: () => true },
};

describe('the level of a field', () => {
  it.each([
    ['{ table { id } }', ['items']],
    ['{ entity { id } }', []],
    ['{ ttl { id } }', []],
    ['{ ttls { id } }', []],
    ['{ stat { id } }', []],
    ['{ statByTable { id } }', ['items']],
    ['{ thing { id } }', ['items']],
    ['{ ttl { child { id } } }', ['children']],
    ['{ ttl { id } table { id } }', ['items']],
  ])('says whether writes to tables that it reads drop the answer: %s', async (source, tables) => {
    const reads = newReads();
    const declared = declare(typeDefs, resolvers);
    expect((await recordReads(reads, () => ask(declared, source))).errors).toBeUndefined();
    expect([...reads.tables]).toEqual(tables);
  });

  it('keeps an answer though its tables cannot be told, where they do not matter', async () => {
    const unknown = () => {
      noteRead(undefined);
      return { id: '1' };
    };
    const api = openPipeline(typeDefs, { Query: { table: unknown, entity: unknown, ttl: unknown } });
    expect((await api.run('{ table { id } }')).cacheStatus).toBe('sluice; fwd=miss; detail="unknown-tables"');
    expect((await api.run('{ entity { id } }')).cacheStatus).toBe('sluice; fwd=miss; stored');
    expect((await api.run('{ ttl { id } }')).cacheStatus).toBe('sluice; fwd=miss; stored');
  });

  it.each([
    ['mutation { item { id } }', '{ table { id } }', false],
    ['mutation { item { id } }', '{ entity { id } }', false],
    ['mutation { item { id } }', '{ ttl { id } }', true],
    ['mutation { item { id } }', '{ ttls { id } }', true],
    ['mutation { item { id } }', '{ ttl { id } entity { id } }', false],
    ['mutation { stat { id } }', '{ stat { id } }', true],
    ['mutation { stat { id } }', '{ statByTable { id } }', false],
    ['mutation { stat { id } }', '{ thing { id } }', false],
    ['mutation { item { child { id } } }', '{ ttl { child { id } } }', false],
    ['mutation { declared }', '{ ttl { id } }', false],
    ['mutation { declared }', '{ entity { id } }', true],
  ])('says whether changes of its objects drop the answer: %s, %s', async (mutation, source, isKept) => {
    const api = openPipeline(typeDefs, resolvers);
    await api.run(source);
    expect((await api.run(mutation)).errors).toBeUndefined();
    expect((await api.run(source)).cacheStatus === 'sluice; hit; ttl=60').toBe(isKept);
  });
});

describe('who names what an answer holds', () => {
  const clock = new FakeClock();
  const open = (): [TestPipeline, AnswerStore] => {
    const answers = createMemoryStore({ clock, maxBytes: 1 << 20 });
    return [openPipeline(typeDefs, resolvers, { clock, answers }), answers];
  };

  it.each<[source: string, what: Invalidation]>([
    ['{ ttl { id } }', { types: ['Item'] }],
    ['{ ttls { id } }', { types: ['Item'] }],
    ['{ ttl { id } }', { entities: [{ type: 'Item', id: 9 }] }],
    ['{ stat { id } }', { types: ['Thing'] }],
    ['{ ttl { id } }', { tables: ['items'] }],
    ['{ entity { id } }', { tables: ['Items'] }],
    ['{ ttl { id } }', { fields: ['Query.ttl'] }],
  ])('drops it whatever its level: %s by %j', async (source, what) => {
    const [api, answers] = open();
    await api.run(source);
    expect((await api.run(source)).cacheStatus).toContain('hit');
    await createInvalidate(declare(typeDefs).schema, answers)(what);
    expect((await api.run(source)).cacheStatus).toContain('miss');
  });

  it('drops it by @invalidates(types:) as well', async () => {
    const api = openPipeline(
      `type Query { film: Film @cacheControl(maxAge: 60, level: TTL) }
       type Mutation { cut: Boolean @invalidates(types: ["Film"]) recut: Film }
       type Film { id: ID }`,
      { Query: { film: () => ({ id: 1 }) }, Mutation: { cut: () => true, recut: () => ({ id: 1 }) } },
    );
    await api.run('{ film { id } }');
    await api.run('mutation { recut { id } }');
    expect((await api.run('{ film { id } }')).cacheStatus).toContain('hit');
    await api.run('mutation { cut }');
    expect((await api.run('{ film { id } }')).cacheStatus).toContain('miss');
  });
});
