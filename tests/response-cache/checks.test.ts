import { describe, expect, it } from 'vitest';
import { problemsOf } from '../support/declared.ts';

const field = (directives: string): string => `type Query { f: Int ${directives} }`;

describe('@cacheControl and @invalidates that cannot work', () => {
  it.each([
    ['@cacheControl(maxAge: -1)', '@cacheControl(maxAge: -1): use 0 for "not at all", or more.'],
    [
      '@cacheControl(staleWhileRevalidate: 5)',
      '@cacheControl(staleWhileRevalidate: …) is not supported yet. Remove the argument.',
    ],
    [
      '@cacheControl(staleIfError: 5)',
      '@cacheControl(staleIfError: …) is not supported yet. Remove the argument.',
    ],
    [
      '@cacheControl(age: 5)',
      '@cacheControl has no argument "age". ' +
        'Its arguments are maxAge, scope, inheritMaxAge, staleWhileRevalidate, staleIfError.',
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
});
