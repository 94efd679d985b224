import { beforeEach, describe, expect, it } from 'vitest';
import { openPipeline, type TestPipeline } from '../../support/pipeline.ts';

const typeDefs = `
  scalar JSON
  type Query {
    users: [User!] @cacheControl(maxAge: 60)
    user(id: ID!): User @cacheControl(maxAge: 60)
    count: Int @cacheControl(maxAge: 60)
    products: [Product!] @cacheControl(maxAge: 60)
    settings: JSON @cacheControl(maxAge: 60)
    deep: [Level!] @cacheControl(maxAge: 60)
  }
  type Mutation {
    save(id: ID!, name: String): User
    saveAll(ids: [ID!]!, name: String): [User!]
    remove(id: ID!): Boolean @invalidates(types: ["User"], fields: ["Query.count"])
    fail: User
  }
  type User { id: ID! name: String friend: User @cacheControl(inheritMaxAge: true) }
  type Product { id: ID! name: String }
  type Level @cacheControl(inheritMaxAge: true) { levels: [Level!] users: [User!] @cacheControl(inheritMaxAge: true) }
`;
const nested = (depth: number): string =>
  depth === 0 ? 'users { name }' : `levels { ${nested(depth - 1)} }`;

/** Reads of users of which none says the id, or by its own name. */
const reads = [
  '{ users { name } }',
  '{ people: users { called: name } }',
  '{ user(id: 0) { name } }',
  '{ user(id: "1") { id: name } }',
  '{ a: user(id: 1) { friend { called: name } } b: user(id: 0) { name } }',
  '{ user(id: 99) { name } }',
  '{ missing: user(id: 99) { id } }',
  '{ user(id: 1) { ...F } } fragment F on User { n: name f: friend { ... on User { name } } }',
  `{ deep { ${nested(2)} } }`,
  `{ deep { ${nested(8)} } }`,
];
const writes = [
  'save(id: 0, name: "New") { name }',
  's: save(id: 1, name: "New") { id: name }',
  'save(id: 99, name: "New") { __typename }',
  'saveAll(ids: [0, 1, 99], name: "New") { name }',
  'all: saveAll(ids: [1], name: null) { x: name }',
  'save(id: 1, name: null) { __typename: name }',
  'remove(id: 1)',
];

describe('data that is in no database', () => {
  let api: TestPipeline;

  beforeEach(() => {
    const names = new Map<string, string | null>([
      ['0', 'Zoe'],
      ['1', 'Ada'],
    ]);
    const user = (_: unknown, { id }: { id: string }) =>
      names.has(id) ? { id, name: names.get(id), friend: () => user(_, { id: '0' }) } : null;
    const all = () => [...names.keys()].map((id) => user(undefined, { id }));
    const save = (_: unknown, { id, name }: { id: string; name: string | null }) => {
      names.set(id, name);
      return user(_, { id });
    };
    const level = () => ({ levels: () => [level()], users: all });
    api = openPipeline(typeDefs, {
      Query: {
        users: all,
        user,
        count: () => names.size,
        products: () => [{ id: '1', name: null }],
        settings: () => ({ __typename: 'User', id: 1, __responseCacheId: 1, items: [{ id: null }, []] }),
        deep: () => [level()],
      },
      Mutation: {
        save,
        saveAll: (_: unknown, { ids, name }: { ids: string[]; name: string | null }) =>
          ids.map((id) => save(_, { id, name })),
        remove: (_: unknown, { id }: { id: string }) => names.delete(id),
        fail: () => Promise.reject(new Error('after a write or before one')),
      },
    });
  });

  it.each(writes)('is read anew after a mutation, however anything is named: %s', async (write) => {
    for (const read of reads) await api.run(read);
    for (const read of reads) expect((await api.run(read)).cacheStatus).toContain('hit');
    expect((await api.run(`mutation { ${write} }`)).errors).toBeUndefined();
    for (const read of reads) {
      const { data } = await api.run(read);
      // Under another name no answer can have been kept.
      const anew = await api.run(`query Anew ${read}`);
      expect(JSON.stringify(data)).toBe(JSON.stringify(anew.data));
    }
  });

  it('is read anew where it was counted, if the schema says so', async () => {
    await api.run('{ count }');
    await api.run('mutation { remove(id: 1) }');
    expect((await api.run('{ count }')).data).toEqual({ count: 1 });
  });

  it('is read anew after a mutation of which a part failed, before or after it', async () => {
    for (const [write, name] of [
      ['save(id: 1, name: "A") { id } fail { id }', 'A'],
      ['fail { id } save(id: 1, name: "B") { id }', 'B'],
    ]) {
      await api.run('{ user(id: 1) { name } }');
      await api.run(`mutation { ${write} }`);
      expect((await api.run('{ user(id: 1) { name } }')).data).toEqual({ user: { name } });
    }
  });

  it('is kept where other objects changed, also of another type with the same id, and where a text was null', async () => {
    const others = ['{ user(id: 0) { name } }', '{ products { name } }', '{ settings }'];
    for (const read of others) await api.run(read);
    await api.run('mutation { save(id: 1, name: null) { id name } }');
    for (const read of others) expect((await api.run(read)).cacheStatus).toBe('sluice; hit; ttl=60');
  });

  it('keeps what is in it that looks like what the cache asks for', async () => {
    const settings = { __typename: 'User', id: 1, __responseCacheId: 1, items: [{ id: null }, []] };
    for (let n = 0; n < 2; n += 1) expect((await api.run('{ settings }')).data).toEqual({ settings });
    const { data } = await api.run('{ settings user(id: 1) { name } }');
    expect(data).toEqual({ settings, user: { name: 'Ada' } });
  });

  it.each([null, 0, '', '0'])('shows no id that nobody asked for, even if it is %j', async (id) => {
    const one = openPipeline('type Query { u: U @cacheControl(maxAge: 9) } type U { id: ID n: Int }', {
      Query: { u: () => ({ id, n: 1 }) },
    });
    for (let n = 0; n < 2; n += 1) expect((await one.run('{ u { n } }')).data).toEqual({ u: { n: 1 } });
  });
});
