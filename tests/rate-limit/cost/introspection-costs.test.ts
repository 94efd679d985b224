import { readFileSync } from 'node:fs';
import { executeSync, getIntrospectionQuery, type GraphQLSchema, Kind, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { buildSchema } from '../../../src/directives/build-schema.ts';
import { createCostPlanner } from '../../../src/rate-limit/cost/index.ts';

const shop = buildSchema(readFileSync('schema.graphql', 'utf8'), {});
const lopsided = buildSchema(
  `
    type Query { all(${Array.from({ length: 20 }, (_, n) => `a${n}: [[Int!]!]!`).join(' ')}): [[U!]!]! i: I }
    interface I { id: ID } interface J implements I { id: ID }
    type A implements I & J { id: ID } type B implements I & J { id: ID } type C { id: ID }
    union U = A | B | C
    enum E { ${Array.from({ length: 30 }, (_, n) => `E${n}`).join(' ')} }
    input In { ${Array.from({ length: 25 }, (_, n) => `i${n}: E`).join(' ')} and: [In!] }
  `,
  {},
);

const full = getIntrospectionQuery({
  descriptions: true,
  specifiedByUrl: true,
  directiveIsRepeatable: true,
  schemaDescription: true,
  inputValueDeprecation: true,
  oneOf: true,
});

/** The objects, and the values, that are really in the answer to an operation; and what both may be by its cost. */
function measure(schema: GraphQLSchema, text: string) {
  const document = parse(text);
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('An operation comes first.');
  const { data, errors } = executeSync({ schema, document });
  expect(errors).toBeUndefined();
  const real = { objects: -1, values: -1 };
  count(data);
  return { real, cost: createCostPlanner(schema, () => false)(document, operation)({}) };

  function count(value: unknown): void {
    real.values += 1;
    if (Array.isArray(value)) value.forEach(count);
    else if (typeof value === 'object' && value !== null) {
      real.objects += 1;
      Object.values(value).forEach(count);
    }
  }
}

const type = 'kind name ofType { kind name ofType { kind name ofType { kind name ofType { name } } } }';

describe.each([
  ['the shop', shop],
  ['a schema with few types that have much', lopsided],
])('the cost of introspection of %s', (_, schema) => {
  it.each([
    ['all that tools ask for', full],
    ['names', '{ __schema { types { name } queryType { name } directives { name locations } } }'],
    ['fields', '{ __schema { types { fields(includeDeprecated: true) { name args { name } } } } }'],
    ['inputs and values', '{ __schema { types { inputFields { name } enumValues { name } } } }'],
    ['types of types', `{ __schema { types { fields { type { ${type} } args { type { ${type} } } } } } }`],
    [
      'possible types',
      '{ __schema { types { possibleTypes { name fields { name } } interfaces { name fields { name } } } } }',
    ],
    ['arguments of directives', `{ __schema { directives { name args { name type { ${type} } } } } }`],
    ['one type', '{ __type(name: "Query") { name fields { name args { name type { name } } } } }'],
    [
      'types of one type',
      '{ __type(name: "Query") { fields { type { fields { name type { fields { name } } } } } } }',
    ],
    ['one enum', '{ __type(name: "E") { enumValues { name } } }'],
    ['one input', '{ a: __type(name: "In") { inputFields { name type { inputFields { name } } } } }'],
    ['a type that is not there', '{ __type(name: "Nothing") { name fields { name } } }'],
    [
      'what there is under many names',
      `{ ${Array.from({ length: 9 }, (__, n) => `a${n}: __schema { types { name } }`).join(' ')} }`,
    ],
  ])('is never below what is answered: %s', (__, text) => {
    const { real, cost } = measure(schema, text);
    expect(cost.cost).toBeGreaterThanOrEqual(real.objects);
    expect(cost.values).toBeGreaterThanOrEqual(real.values);
  });

  it('is about what is answered where that is all that there is', () => {
    const { real, cost } = measure(schema, '{ __schema { types { name fields { name } } } }');
    expect(cost.cost).toBeLessThan(1.5 * real.objects);
  });
});
