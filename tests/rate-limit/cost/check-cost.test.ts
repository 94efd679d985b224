import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../support/declared.ts';

/** A schema with one field on the query type. */
function withField(field: string): string {
  return `type Query { ${field} } type User { id: ID! } type Page { users: [User] total: Int } input By { n: Int }`;
}

describe('a schema does not start', () => {
  it.each([
    [
      'with a weight that is no number',
      'a: Int @cost(weight: "much")',
      'Query.a: @cost(weight: "much"): write a number up to 1e9, such as "1" or "2.5".',
    ],
    [
      'with a weight that is too large',
      'a: Int @cost(weight: "1e10")',
      'Query.a: @cost(weight: "1e10"): write a number up to 1e9, such as "1" or "2.5".',
    ],
    [
      'with such a weight on an argument',
      'a(b: Int @cost(weight: "")): Int',
      'Query.a(b:): @cost(weight: ""): write a number up to 1e9, such as "1" or "2.5".',
    ],
    [
      'with a slicing argument that is not there',
      'a(first: Int): [User] @listSize(slicingArguments: ["last"])',
      'Query.a: @listSize(slicingArguments: "last"): there is no argument "last"; the field has first.',
    ],
    [
      'with a slicing argument that is no number',
      'a(by: By): [User] @listSize(slicingArguments: ["by"])',
      'Query.a: @listSize(slicingArguments: "by"): the argument "by" is of the type By; name one that is an Int or a list.',
    ],
    [
      'with a sized field that is not there',
      'a: Page @listSize(assumedSize: 3, sizedFields: ["edges"])',
      'Query.a: @listSize(sizedFields: "edges"): Page has no list of that name. Its lists: users.',
    ],
    [
      'with a sized field that is no list',
      'a: Page @listSize(assumedSize: 3, sizedFields: ["total"])',
      'Query.a: @listSize(sizedFields: "total"): Page has no list of that name. Its lists: users.',
    ],
    [
      'with a size of what is no list',
      'a: User @listSize(assumedSize: 3)',
      'Query.a: @listSize(…): the field is no list. Name in sizedFields the fields of its type that are.',
    ],
    [
      'with no sized fields of what is no list',
      'a: Page @listSize(assumedSize: 3, sizedFields: [])',
      'Query.a: @listSize(…): the field is no list. Name in sizedFields the fields of its type that are.',
    ],
    [
      'with a size below nothing',
      'a: [User] @listSize(assumedSize: -1)',
      'Query.a: @listSize(assumedSize: -1): a list has 0 items or more.',
    ],
    [
      'with nothing that says the size',
      'a: [User] @listSize',
      'Query.a: @listSize(…): nothing says the size. Give assumedSize or slicingArguments.',
    ],
    [
      'with an assumed size that is never used, because an argument has to be given',
      'a(first: Int): [User] @listSize(assumedSize: 3, slicingArguments: ["first"])',
      expect.stringContaining(
        'Query.a: @listSize(assumedSize: 3): the slicing arguments always say the size.',
      ),
    ],
    [
      'with an assumed size that is never used, because an argument has a default',
      'a(first: Int = 1): [User] @listSize(assumedSize: 3, slicingArguments: ["first"], requireOneSlicingArgument: false)',
      expect.stringContaining(
        'Query.a: @listSize(assumedSize: 3): the slicing arguments always say the size.',
      ),
    ],
  ])('%s', (_, field, problem) => {
    expect(problemsOf(withField(field))).toEqual([problem]);
  });

  it.each([
    ['an interface', 'interface I @cost(weight: "1") { a: Int }', 'I: @cost has no effect here.'],
    ['a union', 'union U @cost(weight: "1") = User', 'U: @cost has no effect here.'],
    ['an input object', 'input O @cost(weight: "1") { a: Int }', 'O: @cost has no effect here.'],
    [
      'a field of an interface',
      'interface I { a: Int @cost(weight: "1") }',
      'I.a: @cost(weight: "1"): a field of an interface costs what it costs in the types that implement it.',
    ],
    [
      'the argument of a directive',
      'directive @d(a: Int @cost(weight: "1")) on FIELD',
      '@d(a:): @cost(weight: "1"): the arguments of directives do not count.',
    ],
  ])('with a weight on %s', (_, definition, problem) => {
    expect(problemsOf(`${withField('a: Int')} ${definition}`)).toEqual([expect.stringContaining(problem)]);
  });

  it('and all of that is told at once', () => {
    const fields = 'a: Int @cost(weight: "x") b: User @listSize(assumedSize: -2)';
    expect(problemsOf(withField(fields))).toHaveLength(3);
  });
});

describe('a schema starts', () => {
  it.each([
    'a: Int @cost(weight: "-2.5e0")',
    'a(first: Int = 5): [User] @listSize(slicingArguments: ["first"])',
    'a(by: By): [User] @listSize(slicingArguments: ["by.n"])',
    'a(ids: [ID!]!): [User] @listSize(slicingArguments: ["ids"])',
    'a(first: Int): Page @listSize(slicingArguments: ["first"], sizedFields: ["users"])',
    'a(first: Int): [User] @listSize(assumedSize: 9, slicingArguments: ["first"], requireOneSlicingArgument: false)',
  ])('with %s', (field) => {
    expect(problemsOf(withField(field))).toEqual([]);
  });
});
