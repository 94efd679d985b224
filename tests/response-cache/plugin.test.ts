import { GraphQLError } from 'graphql';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { hit, stored } from '../support/cache-status.ts';
import { openPipeline, type TestPipeline } from '../support/pipeline.ts';

const typeDefs = `
  type Query {
    users(first: Int): [User] @cacheControl(maxAge: 60)
    named: [Named] @cacheControl(maxAge: 60)
    products: [Product] @cacheControl(maxAge: 60)
    me: User @cacheControl(maxAge: 60, scope: PRIVATE)
    limited: Int @cacheControl(maxAge: 60) @rateLimit
    failing: Int @cacheControl(maxAge: 60)
    time: Int
  }
  interface Named { name: String }
  type User { id: ID name: String email: String @cacheControl(scope: PRIVATE) }
  type Product implements Named @cacheControl(maxAge: 5) { id: ID! name: String secret: String @cacheControl(scope: PRIVATE) }
`;

const users = vi.fn((_: unknown, { first }: { first?: number }) =>
  [
    { id: '1', name: 'Ada', email: 'ada@example.com' },
    { id: null, name: 'Bob' },
  ].slice(0, first),
);
const count = vi.fn(() => 1);
const failing = vi.fn(() => 1);

const resolvers = {
  Query: {
    users,
    named: () => [{ __typename: 'Product', name: 'Tea', secret: 's' }],
    products: () => [{ id: '1', name: 'Tea' }],
    me: (_: unknown, _args: unknown, { caller }: { caller: { userId?: string } }) => ({ id: caller.userId }),
    limited: count,
    failing,
    time: count,
  },
};

const ada = { ip: '192.0.2.1', userId: '1', tiers: ['USER'] };
const bob = { ip: '192.0.2.1', userId: '2', tiers: ['USER'] };

describe('the answer cache', () => {
  let api: TestPipeline;

  beforeEach(() => {
    vi.clearAllMocks();
    failing.mockImplementation(() => 1);
    api = openPipeline(typeDefs, resolvers);
  });

  const statuses = async (...sources: string[]): Promise<(string | undefined)[]> => {
    const replies = [];
    for (const source of sources) replies.push((await api.run(source)).cacheStatus);
    return replies;
  };

  it('answers again without running anything, with exactly what was sent', async () => {
    const first = await api.run('{ users { id name } }');
    const second = await api.run('{ users { id name } }');
    expect([first.cacheStatus, second.cacheStatus]).toEqual([stored, hit]);
    expect(JSON.stringify(second.data)).toBe(JSON.stringify(first.data));
    expect(users).toHaveBeenCalledTimes(1);
  });

  it('says for how long an answer is still good, and asks again after that', async () => {
    await api.run('{ users { id } }');
    api.clock.advance(59.5);
    expect(await statuses('{ users { id } }')).toEqual(['sluice; hit; ttl=1']);
    api.clock.advance(0.5);
    expect(await statuses('{ users { id } }')).toEqual([stored]);
  });

  it('shows nothing of what it asks for by itself, whatever is null', async () => {
    for (let n = 0; n < 2; n += 1)
      expect((await api.run('{ users { name } }')).data).toEqual({
        users: [{ name: 'Ada' }, { name: 'Bob' }],
      });
  });

  it('is not changed by those who change what it gave them', async () => {
    const { data } = await api.run('{ users { name } }');
    const list = data?.['users'] as { name: string }[];
    for (let n = 0; n < 2; n += 1) {
      list.push({ name: 'Mallory' });
      const again = await api.run('{ users { name } }');
      expect(again.data?.['users']).toHaveLength(2);
      (again.data?.['users'] as unknown[]).pop();
    }
  });

  it('takes texts that differ in white space, and in variables that they do not declare, for the same', async () => {
    await api.run('query ($n: Int) { users(first: $n) { id } }', { variables: { n: 1 } });
    const replies = [
      await api.run('query($n:Int){users(first:$n){id}}', { variables: { n: 1, nonce: 'x' } }),
      await api.run('query($n:Int){users(first:$n){id}}', { variables: { n: 2 } }),
      await api.run('query($n:Int){users(first:$n){id}}'),
    ];
    expect(replies.map(({ cacheStatus }) => cacheStatus)).toEqual([hit, stored, stored]);
    expect(replies.map(({ data }) => (data?.['users'] as unknown[]).length)).toEqual([1, 2, 2]);
  });

  it('keeps the operations of one document apart', async () => {
    const source = 'query A { users(first: 1) { id } } query B { users { id } } query C { time }';
    const ask = (operationName: string) => api.run(source, { operationName });
    expect(
      [await ask('A'), await ask('B'), await ask('A'), await ask('C')].map((r) => r.cacheStatus),
    ).toEqual([stored, stored, hit, undefined]);
  });

  it('goes by a field’s own time where that of its type is shorter', async () => {
    await api.run('{ products { id } }');
    api.clock.advance(30);
    expect(await statuses('{ products { id } }')).toEqual(['sluice; hit; ttl=30']);
  });

  it.each(['{ time users { id } }', '{ __typename }'])('does not keep %s', async (source) => {
    expect(await statuses(source, source)).toEqual([undefined, undefined]);
  });

  it('keeps nothing that failed, wholly or in part', async () => {
    failing.mockImplementationOnce(() => {
      throw new GraphQLError('no', { extensions: { code: 'NO' } });
    });
    const source = '{ failing users { id } }';
    expect(await statuses(source, source, source)).toEqual(['sluice; fwd=miss', stored, hit]);
  });

  describe('with PRIVATE data', () => {
    it.each([
      '{ me { id } }',
      '{ users { mail: email } }',
      '{ users { ...F } } fragment F on User { mail: email }',
      '{ users { email __responseCacheTypeName: name } }',
      '{ users { email __typename: name } }',
      '{ named { ... on Product { s: secret } } }',
    ])('keeps nothing for callers who are nobody in particular: %s', async (source) => {
      const replies = await statuses(source, source);
      expect(replies).toEqual([undefined, undefined]);
    });

    it('keeps an answer for each caller', async () => {
      const replies = [];
      for (const caller of [ada, bob, ada, bob]) replies.push(await api.run('{ me { id } }', { caller }));
      expect(replies.map(({ cacheStatus }) => cacheStatus)).toEqual([stored, stored, hit, hit]);
      expect(replies.map(({ data }) => data?.['me'])).toEqual([
        { id: '1' },
        { id: '2' },
        { id: '1' },
        { id: '2' },
      ]);
    });

    it('does not give the answer of a caller to one who is nobody', async () => {
      await api.run('{ me { id } }', { caller: ada });
      expect(await api.run('{ me { id } }')).toMatchObject({
        data: { me: { id: null } },
        cacheStatus: undefined,
      });
    });

    it('shares what is PUBLIC between all callers', async () => {
      await api.run('{ users { id } }', { caller: ada });
      expect((await api.run('{ users { id } }', { caller: bob })).cacheStatus).toBe(hit);
      expect((await api.run('{ users { id } }')).cacheStatus).toBe(hit);
    });
  });
});
