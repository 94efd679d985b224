import { Kind, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { buildSchema } from '../../../src/directives/build-schema.ts';
import { createCostPlanner } from '../../../src/rate-limit/cost/index.ts';

function costOf(definition: string, text: string): number {
  const document = parse(text);
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('An operation comes first.');
  return createCostPlanner(buildSchema(definition, {}), () => false)(document, operation)({}).cost;
}

/**
 * The examples of https://ibm.github.io/graphql-specs/cost-spec.html, by their numbers. The specification has two costs,
 * of fields and of types; here there is one, in which a list weighs by its items, so that it is never below that of fields.
 */
const examples: readonly (readonly [string, string, string, number, number])[] = [
  [
    '1 and 2, a list by its argument, and what weighs in it',
    'type User { name: String age: Int @cost(weight: "2.0") } type Query { users(max: Int): [User] @listSize(slicingArguments: ["max"]) }',
    'query Example { users(max: 5) { age } }',
    11,
    15,
  ],
  [
    '10, a field without its argument',
    'input Filter { a: Int } type Query { topProducts(filter: Filter @cost(weight: "15.0")): [String] @cost(weight: "5.0") @listSize(assumedSize: 10) }',
    '{ topProducts }',
    5,
    50,
  ],
  [
    '10, a field with its argument',
    'input Filter { a: Int } type Query { topProducts(filter: Filter @cost(weight: "15.0")): [String] @cost(weight: "5.0") @listSize(assumedSize: 10) }',
    '{ topProducts(filter: { a: 1 }) }',
    20,
    65,
  ],
  [
    '11, a field without the argument that makes it cheaper',
    'type Product { id: ID } type Query { mostPopularProduct(approx: Boolean @cost(weight: "-3.0")): Product @cost(weight: "5.0") }',
    '{ mostPopularProduct { id } }',
    5,
    5,
  ],
  [
    '11, a field with it',
    'type Product { id: ID } type Query { mostPopularProduct(approx: Boolean @cost(weight: "-3.0")): Product @cost(weight: "5.0") }',
    '{ mostPopularProduct(approx: true) { id } }',
    2,
    2,
  ],
  [
    '12, an argument that what is in it makes cheaper',
    'input Filter { approx: Boolean @cost(weight: "-12.0") } type Query { topProducts(filter: Filter @cost(weight: "15.0")): [String] @cost(weight: "5.0") @listSize(assumedSize: 10) }',
    '{ topProducts(filter: { approx: true }) }',
    8,
    53,
  ],
  [
    '18, the sized fields of a connection',
    `type Film { title: String } type FilmEdge { cursor: ID node: Film } type PageInfo { hasNextPage: Boolean }
     type FilmConnection { edges: [FilmEdge] pageInfo: PageInfo }
     type Query { films(first: Int, after: ID, last: Int, before: ID): FilmConnection
       @listSize(slicingArguments: ["first", "last"], sizedFields: ["edges"]) }`,
    '{ films(first: 10) { edges { cursor node { title } } pageInfo { hasNextPage } } }',
    1 + 1 + 10 + 1,
    1 + 10 + 10 + 1,
  ],
];

describe('in the examples of the specification, the cost', () => {
  it.each(examples)('of %s is at least that of its fields', (_, definition, text, ofFields, cost) => {
    expect(costOf(definition, text)).toBe(cost);
    expect(cost).toBeGreaterThanOrEqual(ofFields);
  });
});
