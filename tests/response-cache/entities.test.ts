import { GraphQLError } from 'graphql';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { hit, stored } from '../support/cache-status.ts';
import { openPipeline, type TestPipeline } from '../support/pipeline.ts';

const typeDefs = `
  type Query {
    user(id: ID): User @cacheControl(maxAge: 60)
    users: [User] @cacheControl(maxAge: 60)
    groups: [[User]] @cacheControl(maxAge: 60)
    team: Team @cacheControl(maxAge: 60)
    node(id: ID): Node @cacheControl(maxAge: 60)
    named: Named @cacheControl(maxAge: 60)
    any: Any @cacheControl(maxAge: 60)
  }
  type Mutation {
    update(id: ID, name: String): User
    create: User
    payload: Payload
    named: Named
    any: Any
    nothing: User
    empty: [User]
    remove: Boolean @invalidates(types: ["User"])
    notify: User @invalidates(entities: false)
    fail(code: String): User
    failBelow: User
  }
  interface Node { id: ID }
  interface Named { name: String }
  union Any = User | Team
  type User implements Node & Named { id: ID name: String team: Team @cacheControl(inheritMaxAge: true) broken: Int }
  type Team implements Node & Named { id: ID name: String lead: User @cacheControl(inheritMaxAge: true) }
  type Payload { user: User }
`;

const ada = { __typename: 'User', id: '1', name: 'Ada' };
const bob = { __typename: 'User', id: '2', name: 'Bob' };
const team = { __typename: 'Team', id: '1', name: 'A', lead: ada };

describe('what a mutation returns', () => {
  let api: TestPipeline;
  const people = vi.fn(() => [ada, bob]);

  beforeEach(() => {
    people.mockImplementation(() => [ada, bob]);
    const user = (_: unknown, { id }: { id?: string }) => people().find((each) => each.id === id) ?? null;
    const fail = (_: unknown, { code }: { code?: string }) => {
      throw code === undefined ? new Error('broken') : new GraphQLError('no', { extensions: { code } });
    };
    api = openPipeline(typeDefs, {
      Query: {
        user,
        node: user,
        users: people,
        groups: () => [people(), []],
        team: () => team,
        named: () => ada,
        any: () => ada,
      },
      User: { team: () => null, broken: fail },
      Mutation: {
        update: user,
        create: () => ({ __typename: 'User', id: '99', name: 'New' }),
        payload: () => ({ user: ada }),
        named: () => ada,
        any: () => ada,
        nothing: () => null,
        empty: () => [],
        remove: () => true,
        notify: () => ada,
        fail,
        failBelow: () => ada,
      },
    });
  });

  /** Whether an answer is still there after a mutation. */
  async function isKept(source: string, mutation: string): Promise<boolean> {
    expect((await api.run(source)).cacheStatus).toBe(stored);
    expect((await api.run(mutation)).cacheStatus).toBeUndefined();
    const { cacheStatus = '' } = await api.run(source);
    expect([hit, stored]).toContain(cacheStatus);
    return cacheStatus === hit;
  }

  const update = 'mutation { update(id: "1") { name } }';
  const create = 'mutation { create { name } }';

  it.each([
    [update, '{ user(id: "1") { name } }'],
    [update, '{ x: user(id: "1") { id: name } }'],
    [update, '{ node(id: "1") { __typename } }'],
    [update, '{ named { name } }'],
    [update, '{ any { __typename } }'],
    [update, '{ any { ... on Named { name } } }'],
    [update, '{ any { ... on User { name } } }'],
    [update, '{ users { name } }'],
    [update, '{ team { lead { name } } }'],
    [update, '{ team { by: lead { n: name } } }'],
    [create, '{ users { name } }'],
    [create, '{ everybody: users { name } }'],
    [create, '{ groups { name } }'],
    [create, '{ user(id: "99") { name } }'],
    [create, '{ none: user(id: "99") { name } }'],
    [create, '{ node(id: "99") { id } }'],
    ['mutation { payload { user { name } } }', '{ user(id: "1") { name } }'],
    ['mutation { named { name } }', '{ user(id: "1") { name } }'],
    ['mutation { any { __typename } }', '{ user(id: "1") { name } }'],
    ['mutation { any { ... on Named { name } } }', '{ user(id: "1") { name } }'],
    ['mutation { any { ... on Team { name } } }', '{ user(id: "1") { name } }'],
    ['mutation { nothing { name } }', '{ user(id: "2") { name } }'],
    ['mutation { nothing { name } }', '{ users { name } }'],
    ['mutation { empty { name } }', '{ user(id: "2") { name } }'],
    ['mutation { remove }', '{ user(id: "2") { name } }'],
    ['mutation { remove }', '{ people: users { name } }'],
    ['mutation { failBelow { broken } }', '{ user(id: "1") { name } }'],
    ['mutation { fail { name } }', '{ user(id: "1") { name } }'],
    ['mutation { fail(code: "NOT_FOUND") { name } }', '{ user(id: "1") { name } }'],
    ['mutation { notify { name } update(id: "1") { name } }', '{ user(id: "1") { name } }'],
    ['mutation { fail(code: "FORBIDDEN") { name } create { name } }', '{ users { name } }'],
  ])('drops the answers that it may be in: %s drops %s', async (mutation, source) => {
    expect(await isKept(source, mutation)).toBe(false);
  });

  it.each([
    'mutation { update(id: "1") { __typename @include(if: false) name } }',
    'mutation { update(id: "1") { id @skip(if: true) name } }',
    'mutation { update(id: "1") { id: name } }',
    'mutation { update(id: "1") { x: __typename } }',
    'mutation { update(id: "1") { __responseCacheId: name } }',
    'mutation { update(id: "1") { __responseCacheTypeName: name } }',
    'mutation { update(id: "1") { __typename: name } }',
    'mutation { update(id: "1") { ...F } } fragment F on User { id: name }',
    'mutation { ...M } fragment M on Mutation { u: update(id: "1") { ... { ... on Node { __typename } } } }',
    'mutation ($no: Boolean = false) { update(id: "1") { ... @include(if: $no) { id __typename } name } }',
  ])('drops them however it is asked for: %s', async (mutation) => {
    expect(await isKept('{ user(id: "1") { name } }', mutation)).toBe(false);
    expect(await isKept('{ u: user(id: "1") { id: name } }', mutation)).toBe(false);
  });

  it.each<readonly [string, string]>([
    [update, '{ user(id: "2") { name } }'],
    [update, '{ node(id: "2") { id } }'],
    [update, '{ team { name } }'],
    [create, '{ user(id: "1") { name } }'],
    ['mutation { notify { name } }', '{ user(id: "1") { name } }'],
    ['mutation { notify { name } }', '{ users { name } }'],
    ...['FORBIDDEN', 'BAD_USER_INPUT', 'UNAUTHENTICATED', 'RATE_LIMITED', 'RATE_LIMIT_COST_EXCEEDED'].map(
      (code) => [`mutation { fail(code: "${code}") { name } }`, '{ users { name } }'] as const,
    ),
  ])('keeps all others: %s keeps %s', async (mutation, source) => {
    expect(await isKept(source, mutation)).toBe(true);
  });

  it('is neither kept nor shared: each mutation runs', async () => {
    people.mockClear();
    const replies = await Promise.all([api.run(update), api.run(update), api.run(update)]);
    expect(people).toHaveBeenCalledTimes(3);
    expect(replies.map(({ cacheStatus }) => cacheStatus)).toEqual([undefined, undefined, undefined]);
  });

  it('is sent once a client that reads sees it, also where the answer was empty', async () => {
    people.mockImplementation(() => []);
    expect((await api.run('{ users { name } }')).data).toEqual({ users: [] });
    people.mockImplementation(() => [ada]);
    await api.run(create);
    expect((await api.run('{ users { name } }')).data).toEqual({ users: [{ name: 'Ada' }] });
  });
});
