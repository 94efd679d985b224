import { describe, expect, it } from 'vitest';
import { problemsOf } from '../support/declared.ts';

const field = (directives: string): string => `type Query { f: Int ${directives} }`;

describe('@cacheControl and @invalidates that cannot work', () => {
  it.each([
    ['@cacheControl(maxAge: -1)', '@cacheControl(maxAge: -1): use 0 for "not at all", or more.'],
    [
      '@cacheControl(maxAge: 1, staleWhileRevalidate: -5)',
      '@cacheControl(staleWhileRevalidate: -5): use 0 for "not at all", or more.',
    ],
    [
      '@cacheControl(maxAge: 1, staleIfError: -5)',
      '@cacheControl(staleIfError: -5): use 0 for "not at all", or more.',
    ],
    ['@cacheControl', '@cacheControl says nothing. Give it a maxAge, or a scope.'],
    [
      '@cacheControl(staleIfError: 5)',
      '@cacheControl(staleIfError: …) has no effect without a maxAge. Declare one, of 1 or more.',
    ],
    [
      '@cacheControl(maxAge: 0, staleWhileRevalidate: 5)',
      '@cacheControl(staleWhileRevalidate: …) has no effect without a maxAge. Declare one, of 1 or more.',
    ],
    ['@cacheControl(level: ROW)', '@cacheControl(level: ROW): the value must be of the type CacheLevel.'],
    [
      '@cacheControl(age: 5)',
      '@cacheControl has no argument "age". ' +
        'Its arguments are maxAge, scope, inheritMaxAge, staleWhileRevalidate, staleIfError, level.',
    ],
    [
      '@cacheControl(scope: MINE)',
      '@cacheControl(scope: MINE): the value must be of the type CacheControlScope.',
    ],
    ['@cacheControl @cacheControl(maxAge: 1)', '@cacheControl can stand here once only. Remove all but one.'],
    ['@invalidates', '@invalidates names neither types nor fields. Name what it drops.'],
    ['@invalidates(types: [])', '@invalidates names neither types nor fields. Name what it drops.'],
    ['@invalidates(types: ["Usr"])', '@invalidates(types: ["Usr"]): there is no type "Usr".'],
    [
      '@invalidates(fields: ["users"])',
      '@invalidates(fields: ["users"]): there is no field "users"; write it like "Query.users".',
    ],
    [
      '@invalidates(fields: ["Query.g"])',
      '@invalidates(fields: ["Query.g"]): there is no field "Query.g"; write it like "Query.users".',
    ],
    [
      '@invalidates(fields: ["Query.toString"])',
      '@invalidates(fields: ["Query.toString"]): there is no field "Query.toString"; write it like "Query.users".',
    ],
  ])('stop the start: %s', (directive, problem) => {
    expect(problemsOf(field(directive))).toEqual([`Query.f: ${problem}`]);
  });

  it('are told of on types and on the fields of interfaces as well', () => {
    expect(
      problemsOf(`
        interface Node @cacheControl(maxAge: -1) { id: ID @invalidates(types: ["Node"]) }
        union U @cacheControl(maxAge: -2) = Query
        type Query { f: Int }
        extend type Query @cacheControl(maxAge: -3)
      `),
    ).toEqual([
      'Node: @cacheControl(maxAge: -1): use 0 for "not at all", or more.',
      'U: @cacheControl(maxAge: -2): use 0 for "not at all", or more.',
      'Query: @cacheControl(maxAge: -3): use 0 for "not at all", or more.',
      'Node.id: @invalidates on a field of an interface has no effect. Put it on the fields of the object types.',
    ]);
  });

  it('are told of where nothing is ever kept', () => {
    const none = '@cacheControl has no effect here: only answers to queries are kept. Remove it.';
    expect(
      problemsOf(`
        type Query { f: Int }
        type Mutation { m: Int @cacheControl(maxAge: 5) }
        type Subscription { s: Int @cacheControl(maxAge: 5) }
      `),
    ).toEqual([`Mutation.m: ${none}`, `Subscription.s: ${none}`]);
  });

  it('are fine where the type or the parent gives the time', () => {
    expect(
      problemsOf(`
        type Query {
          t: T @cacheControl(staleWhileRevalidate: 5)
          u: U @cacheControl(maxAge: 9)
        }
        type T @cacheControl(maxAge: 9) { n: Int }
        type U { t: U @cacheControl(inheritMaxAge: true, staleIfError: 5) n: Int }
      `),
    ).toEqual([]);
  });
});
