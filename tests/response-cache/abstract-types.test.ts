import { type OperationDefinitionNode, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { buildSchema } from '../../src/directives/build-schema.ts';
import { type CachePlan, planCache } from '../../src/response-cache/cache-plan.ts';

function planOf(typeDefs: string, source = '{ f { __typename ... on A { n } } }'): CachePlan | undefined {
  const document = parse(source);
  const [operation] = document.definitions as OperationDefinitionNode[];
  return operation && planCache(buildSchema(typeDefs, {}), document, operation, { isLimited: () => false });
}

const hint = (args: string): string => (args === '' ? '' : `@cacheControl(${args})`);

describe('a field whose type is an interface or a union', () => {
  it.each([
    ['what the general type says', { i: 'maxAge: 50', a: '', b: '' }, 50],
    ['the shortest that any type says', { i: 'maxAge: 50', a: 'maxAge: 60', b: 'maxAge: 7' }, 7],
    ['the shortest of all possible types', { i: '', a: 'maxAge: 60', b: 'maxAge: 7' }, 7],
    ['nothing where one possible type says nothing', { i: '', a: 'maxAge: 60', b: '' }, undefined],
    ['nothing where one possible type says 0', { i: 'maxAge: 50', a: '', b: 'maxAge: 0' }, undefined],
    ['nothing where no type says anything', { i: '', a: '', b: '' }, undefined],
    ['nothing where a root field could only inherit', { i: 'inheritMaxAge: true', a: '', b: '' }, undefined],
  ])('has %s', (_, { i, a, b }, age) => {
    const types = `type A implements I ${hint(a)} { n: Int } type B implements I ${hint(b)} { n: Int }`;
    expect(planOf(`type Query { f: I } interface I ${hint(i)} { n: Int } ${types}`)?.maxAge).toBe(age);
    const members = `type A ${hint(a)} { n: Int } type B ${hint(b)} { n: Int }`;
    expect(planOf(`type Query { f: [U!] } union U ${hint(i)} = A | B ${members}`)?.maxAge).toBe(age);
  });

  it.each(['', 'maxAge: 60, scope: PUBLIC'])(
    'is PRIVATE if one of the possible types is (general type: %j)',
    (i) => {
      const plan = planOf(`
      type Query { f: U }
      union U ${hint(i)} = A | B
      type A @cacheControl(maxAge: 60) { n: Int }
      type B @cacheControl(maxAge: 60, scope: PRIVATE) { n: Int }
    `);
      expect(plan?.scope).toBe('PRIVATE');
    },
  );

  it('goes by its own hint over those of all types', () => {
    const plan = planOf(`
      type Query { f: U @cacheControl(maxAge: 60) }
      union U = A | B
      type A @cacheControl(maxAge: 5) { n: Int }
      type B { n: Int }
    `);
    expect(plan).toMatchObject({ maxAge: 60, scope: 'PUBLIC' });
  });

  it('is tagged with all types that it can turn out to be', () => {
    const plan = planOf(`
      type Query { f: I @cacheControl(maxAge: 60) }
      interface I { n: Int }
      type A implements I { n: Int }
      type B implements I { n: Int }
    `);
    expect(new Set(plan?.tags)).toEqual(new Set(['Query.f', 'I', 'A', 'B', 'A.n']));
  });
});

describe('a field that is asked for on an interface', () => {
  const source = '{ f { n } }';
  const types = (i: string, a: string, b: string): string => `
    type Query { f: I @cacheControl(maxAge: 60) }
    interface I { n: Int ${hint(i)} }
    type A implements I { n: Int ${hint(a)} }
    type B implements I { n: Int ${hint(b)} }
  `;

  it.each([
    ['of its parent', ['', '', ''], 60],
    ['that the interface says', ['maxAge: 9', '', ''], 9],
    ['that one of the objects says', ['', '', 'maxAge: 7'], 7],
    ['that is the shortest', ['maxAge: 9', 'maxAge: 30', 'maxAge: 7'], 7],
    ['of none', ['maxAge: 9', 'maxAge: 0', ''], undefined],
  ])('has the time %s', (_, [i = '', a = '', b = ''], age) => {
    expect(planOf(types(i, a, b), source)?.maxAge).toBe(age);
  });

  it('is PRIVATE if it is on any of the objects, under any alias', () => {
    expect(planOf(types('', 'scope: PRIVATE', ''), '{ f { x: n } }')?.scope).toBe('PRIVATE');
    expect(planOf(types('scope: PRIVATE', 'scope: PUBLIC', ''), source)?.scope).toBe('PRIVATE');
    expect(planOf(types('', 'scope: PRIVATE', ''), '{ f { ... on B { n } } }')?.scope).toBe('PUBLIC');
  });

  it('that leads to objects has the time that each of the objects’ fields has', () => {
    const deep = (a: string, b: string): string => `
      type Query { f: I @cacheControl(maxAge: 60) }
      interface I { m: M }
      type A implements I { m: M ${hint(a)} }
      type B implements I { m: M ${hint(b)} }
      type M { n: Int }
    `;
    expect(planOf(deep('maxAge: 9', 'maxAge: 8'), '{ f { m { n } } }')?.maxAge).toBe(8);
    expect(planOf(deep('maxAge: 9', ''), '{ f { m { n } } }')).toBeUndefined();
  });

  it('is tagged as the field of each object', () => {
    expect(new Set(planOf(types('', '', ''), source)?.tags)).toEqual(
      new Set(['Query.f', 'I', 'A', 'B', 'I.n', 'A.n', 'B.n']),
    );
  });
});

describe('a field that an interface declares as well', () => {
  const typeDefs = `
    type Query {
      object: U @cacheControl(maxAge: 60)
      node: Node @cacheControl(maxAge: 60)
      either: Either @cacheControl(maxAge: 60)
    }
    interface Node { secret: String @cacheControl(scope: PRIVATE) rare: Int @cacheControl(maxAge: 9) }
    type U implements Node { secret: String rare: Int }
    union Either = U
  `;

  it.each([
    '{ object { secret } }',
    '{ object { ... on Node { secret } } }',
    '{ object { ... on U { ... on Node { s: secret } } } }',
    '{ node { secret } }',
    '{ node { ... on U { secret } } }',
    '{ either { ... on U { secret } } }',
    '{ either { ... on Node { secret } } }',
  ])('is as PRIVATE whichever way it is asked for: %s', (source) => {
    expect(planOf(typeDefs, source)).toMatchObject({ maxAge: 60, scope: 'PRIVATE' });
  });

  it.each(['{ object { rare } }', '{ object { ... on Node { rare } } }', '{ node { ... on U { rare } } }'])(
    'is kept for as long whichever way it is asked for: %s',
    (source) => {
      expect(planOf(typeDefs, source)).toMatchObject({ maxAge: 9, scope: 'PUBLIC' });
    },
  );
});
