import { Kind, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { buildSchema } from '../../../src/directives/build-schema.ts';
import { createCostPlanner } from '../../../src/rate-limit/cost/index.ts';

const schema = buildSchema(
  `
    type Query {
      me: User
      users(first: Int = 10, last: Int): [User!]
        @listSize(slicingArguments: ["first", "last"], requireOneSlicingArgument: false)
      page(of: Page): [User!] @listSize(slicingArguments: ["of.size"], assumedSize: 7, requireOneSlicingArgument: false)
      either(first: Int = 10, last: Int): [User!] @listSize(slicingArguments: ["first", "last"])
      exactly(first: Int, last: Int): [User!] @listSize(slicingArguments: ["first", "last"])
      friends(first: Int!): Friends @listSize(slicingArguments: ["first"], sizedFields: ["edges", "nodes"])
      unsized: [User!]
      tags: [String!] @listSize(assumedSize: 4)
      dear: Int @cost(weight: "5")
      approximate(is: Boolean @cost(weight: "-3")): User @cost(weight: "5")
      tag(by: [Rough!] @cost(weight: "2")): String @cost(weight: "5")
      named: Named
      search(text: String @cost(weight: "2"), by: Filter): Thing
      thing: Thing
    }
    input Rough { a: Int = 1 @cost(weight: "-4") }
    interface Named { names: [String] @listSize(assumedSize: 6) }
    type Person implements Named { names: [String] }
    input Page { size: Int = 3 }
    input Filter { deep: Int @cost(weight: "3") and: [Filter!] }
    type User { id: ID! name: String friends(first: Int = 2): [User!] @listSize(slicingArguments: ["first"]) rank: Rank best: Book }
    type Friends { edges: [Edge] nodes: [User] total: Int }
    type Edge { node: User }
    type Book @cost(weight: "3") { title: String pages: [Int] @listSize(assumedSize: 100) }
    enum Rank @cost(weight: "0.5") { LOW }
    union Thing = User | Book
  `,
  {},
);
const planner = createCostPlanner(schema, () => false);

/** What an operation costs, and how many values it may give. */
function costOf(
  text: string,
  variables: Record<string, unknown> = {},
): readonly [cost: number, values: number] {
  const document = parse(text);
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('An operation comes first.');
  const { cost, values } = planner(document, operation)(variables);
  return [cost, values];
}

describe('the cost of an operation', () => {
  it.each([
    ['an object', '{ me { id name } }', 1, 3],
    ['a scalar with a weight', '{ dear }', 5, 1],
    ['an enum with a weight', '{ me { rank } }', 1.5, 2],
    ['a type with a weight', '{ me { best { title } } }', 4, 3],
    ['a list by the default of its argument', '{ users { id } }', 10, 21],
    ['a list by a literal', '{ users(first: 3) { id } }', 3, 7],
    ['a list by the largest of several arguments', '{ users(first: 3, last: 5) { id } }', 5, 11],
    ['a list by null, which stands for the default', '{ users(first: null) { id } }', 10, 21],
    ['a list of none, as of one', '{ users(first: 0) { id } }', 1, 3],
    ['a list of fewer than none, as of one', '{ users(first: -5) { id } }', 1, 3],
    [
      'lists inside each other',
      '{ users(first: 3) { friends(first: 4) { id } } }',
      3 + 12,
      1 + 3 * (1 + 1 + 4 * 2),
    ],
    ['a list without a size', '{ unsized { id } }', 1, 3],
    ['a list of scalars', '{ tags }', 0, 5],
    ['a nested argument, and of the object around it', '{ page(of: { size: 9 }) { id } }', 10, 19],
    ['the default of a nested argument', '{ page(of: {}) { id } }', 4, 7],
    ['the assumed size where no argument is given', '{ page { id } }', 7, 15],
    ['the lists of a connection', '{ friends(first: 5) { edges { node { id } } total } }', 11, 18],
    [
      'arguments that weigh',
      '{ search(text: "a", by: { deep: 1, and: [{ deep: 2 }] }) { __typename } }',
      13,
      2,
    ],
    ['an argument that is null', '{ search(text: null, by: null) { __typename } }', 3, 2],
    ['an argument that takes from it', '{ approximate(is: true) { id } }', 2, 2],
    ['an argument that would take more than there is', '{ tag(by: [{}, {}]) }', 0, 1],
    ['a list by what the interface of its type says', '{ named { names } }', 1, 8],
    ['one field under two names', '{ a: me { id } b: me { id } }', 2, 4],
    ['one field under one name once', '{ me { id } me { id name } }', 1, 3],
    [
      'fragments where they are spread',
      '{ a: me { ...F } b: me { ...F } } fragment F on User { id name }',
      2,
      6,
    ],
    [
      'the dearest type of an abstract one',
      '{ thing { ... on User { id friends { id } } ... on Book { title } } }',
      5,
      7,
    ],
    [
      'what every type asks for',
      '{ thing { __typename ... on Book { title } ... on Book { pages } } }',
      3,
      104,
    ],
  ])('is that of %s', (_, text, cost, values) => {
    expect(costOf(text)).toEqual([cost, values]);
  });

  it('follows the variables', () => {
    const text =
      'query ($n: Int, $with: Boolean!) { users(first: $n) { id best @include(if: $with) { title } } }';
    expect(costOf(text, { n: 4, with: false })).toEqual([4, 9]);
    expect(costOf(text, { n: 4, with: true })).toEqual([16, 17]);
    expect(costOf(text, { with: false })).toEqual([10, 21]);
  });

  it('is not known where exactly one argument has to tell the size', () => {
    expect(costOf('{ exactly(last: 2) { id } }')).toEqual([2, 5]);
    expect(() => costOf('{ exactly { id } }')).toThrow(/"exactly".*exactly one.*first, last; 0 are given/);
    expect(() => costOf('{ exactly(first: 1, last: 2) { id } }')).toThrow(/2 are given/);
    expect(costOf('{ exactly(first: 2, last: null) { id } }')).toEqual([2, 5]);
    expect(() => costOf('query ($n: Int) { exactly(first: $n) { id } }')).toThrow(/0 are given/);
  });

  it('is known by the default of an argument where none is given, and by the larger of both where another is', () => {
    expect(costOf('{ either { id } }')[0]).toBe(10);
    expect(costOf('{ either(last: 20) { id } }')[0]).toBe(20);
    expect(costOf('{ either(last: 2) { id } }')[0]).toBe(10);
    expect(() => costOf('{ either(first: 1, last: 2) { id } }')).toThrow(/2 are given/);
  });

  it('is that of a value for every field that it is given to', () => {
    const f = { and: [{ deep: 1 }, { deep: 2 }] };
    const text =
      'query ($f: Filter) { a: search(by: $f) { __typename } b: search(by: { and: [$f] }) { __typename } }';
    expect(costOf(text, { f })[0]).toBe(3 + 1 + (1 + 6) + (3 + 1 + 1 + (1 + 6)));
  });

  it('is that of a selection in all the objects that have it', () => {
    const document = parse(
      '{ users(first: 5) { id friends(first: 3) { best { title } } } me { friends { id } } }',
    );
    const [operation] = document.definitions;
    if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('An operation comes first.');
    const charging = createCostPlanner(schema, (coordinate) => coordinate === 'User.friends');
    expect([...charging(document, operation)({}).selections]).toEqual([
      ['users.friends User.friends', 5 * 3 * (1 + 3)],
      ['me.friends User.friends', 2],
    ]);
  });

  it('stays a number', () => {
    const deep = `{ users(first: 2147483647) { ${'friends(first: 2147483647) { '.repeat(40)} id ${'} '.repeat(40)} } }`;
    expect(costOf(deep)).toEqual([Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]);
  });

  it('of introspection is that of the lists that the schema has', () => {
    const [cost, values] = costOf('{ __schema { types { name fields { name } } } }');
    const types = Object.values(schema.getTypeMap());
    const fields = types.flatMap((type) =>
      'getFields' in type && !('isOneOf' in type) ? Object.keys(type.getFields()) : [],
    );
    expect(cost).toBeCloseTo(1 + types.length + fields.length);
    expect(values).toBeGreaterThan(types.length + fields.length);
    expect(costOf('{ __type(name: "Query") { fields { name } } }')[0]).toBeGreaterThan(8);
  });
});
