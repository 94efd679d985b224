import { GraphQLError } from 'graphql';
import { beforeEach, describe, expect, it } from 'vitest';
import { hit, stored } from '../support/cache-status.ts';
import { openPipeline, type TestPipeline } from '../support/pipeline.ts';

const typeDefs = `
  type Query {
    users: [User] @cacheControl(maxAge: 60)
    user(id: ID!): User @cacheControl(maxAge: 60)
    count: Int @cacheControl(maxAge: 60)
    named: [Named] @cacheControl(maxAge: 60)
    products: [Product] @cacheControl(maxAge: 60)
  }
  type Mutation {
    create(name: String!): User @invalidates(types: ["User"], fields: ["Query.count"])
    createAndFail(name: String!): User @invalidates(types: ["User"])
    remove: Boolean @invalidates(fields: ["User.name"])
    touch: Boolean
  }
  interface Named { name: String }
  type User implements Named { name: String }
  type Product { name: String }
`;

/** What was kept and what was not is told by Cache-Status. */
const overtakenStatus = 'sluice; fwd=miss; detail="overtaken"';

describe('@invalidates', () => {
  let api: TestPipeline;
  let names: string[];
  let gate: Promise<void> | undefined;

  beforeEach(() => {
    names = [];
    gate = undefined;
    const all = async () => {
      const found = names.map((name) => ({ __typename: 'User', name }));
      await gate;
      return found;
    };
    const create = (_: unknown, { name }: { name: string }) => {
      names.push(name);
      return { name };
    };
    api = openPipeline(typeDefs, {
      Query: { users: all, named: all, user: () => null, count: () => names.length, products: () => [] },
      Mutation: {
        create,
        createAndFail(_: unknown, args: { name: string }) {
          create(_, args);
          throw new GraphQLError('failed after the write', { extensions: { code: 'FAILED' } });
        },
        remove: () => names.pop() !== undefined,
        touch: () => true,
      },
    });
  });

  const statusAfter = async (mutation: string, source: string): Promise<string | undefined> => {
    await api.run(source);
    await api.run(`mutation { ${mutation} }`);
    return (await api.run(source)).cacheStatus;
  };
  const create = 'create(name: "Ada") { name }';

  it.each([
    '{ users { name } }',
    '{ people: users { called: name } }',
    '{ user(id: "7") { name } }',
    '{ named { name } }',
    '{ count }',
    '{ total: count }',
    '{ products { name } users { name } }',
    'query Q { ...F } fragment F on Query { users { name } }',
  ])('drops answers with its types and fields, also empty ones under other names: %s', async (source) => {
    expect(await statusAfter(create, source)).toBe(stored);
  });

  it('drops answers by a field that they ask for on an interface', async () => {
    expect(await statusAfter('remove', '{ named { n: name } }')).toBe(stored);
  });

  it.each([
    [create, '{ products { name } }'],
    ['remove', '{ count }'],
    ['remove', '{ users { __typename } }'],
    ['touch', '{ users { name } }'],
  ])('keeps all other answers: after %s, %s', async (mutation, source) => {
    expect(await statusAfter(mutation, source)).toBe(hit);
  });

  it('lets a client that wrote see its write', async () => {
    await api.run('{ users { name } }');
    await api.run(`mutation { ${create} }`);
    expect((await api.run('{ users { name } }')).data).toEqual({ users: [{ name: 'Ada' }] });
  });

  it('does so within one operation’s order of fields', async () => {
    await api.run('{ users { name } }');
    await api.run('mutation { touch a: create(name: "Ada") { name } b: create(name: "Bob") { name } }');
    expect((await api.run('{ users { name } }')).data).toEqual({ users: [{ name: 'Ada' }, { name: 'Bob' }] });
  });

  it('drops answers also when the field failed, for it may have written by then', async () => {
    await api.run('{ users { name } }');
    const { errors } = await api.run('mutation { createAndFail(name: "Ada") { name } }');
    expect(errors).toHaveLength(1);
    expect((await api.run('{ users { name } }')).data).toEqual({ users: [{ name: 'Ada' }] });
  });

  it('keeps no answer that was being made while it dropped others', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    gate = promise;
    const overtaken = api.run('{ users { name } }');
    await api.run(`mutation { ${create} }`);
    gate = undefined;
    resolve(undefined);
    expect(await overtaken).toMatchObject({ data: { users: [] }, cacheStatus: overtakenStatus });
    expect(await api.run('{ users { name } }')).toMatchObject({
      data: { users: [{ name: 'Ada' }] },
      cacheStatus: stored,
    });
  });

  it('leaves mutations uncached: each runs', async () => {
    const mutation = `mutation { ${create} }`;
    const replies = [await api.run(mutation), await api.run(mutation)];
    expect(names).toEqual(['Ada', 'Ada']);
    expect(replies.map(({ cacheStatus }) => cacheStatus)).toEqual([undefined, undefined]);
  });
});
