import fc from 'fast-check';
import { type OperationDefinitionNode, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { buildSchema } from '../../src/directives/build-schema.ts';
import { type CachePlan, planCache } from '../../src/response-cache/cache-plan.ts';

function planFor(typeDefs: string): (source: string) => CachePlan | undefined {
  const schema = buildSchema(typeDefs, {});
  return (source) => {
    const document = parse(source);
    const [operation] = document.definitions as OperationDefinitionNode[];
    return operation && planCache(schema, document, operation, { isLimited: () => false });
  };
}

/** The maxAge of `{ f { n } }`, or of the source given, where `f` has such a type and directive. */
function ageOf(field: string, types: string, source = '{ f { n } }'): number | undefined {
  return planFor(`type Query { f: ${field} } ${types}`)(source)?.maxAge;
}

describe('an answer', () => {
  const plan = planFor(`
    type Query {
      users: [User] @cacheControl(maxAge: 60)
      products: [Product] @cacheControl(maxAge: 20)
      count: Int @cacheControl(maxAge: 5, scope: PUBLIC)
      time: Int
      never: Int @cacheControl(maxAge: 0)
      me: User @cacheControl(maxAge: 30, scope: PRIVATE)
    }
    type Mutation { users: [User] @cacheControl(maxAge: 60) }
    type Subscription { users: [User] @cacheControl(maxAge: 60) }
    type User {
      id: ID
      email: String @cacheControl(scope: PRIVATE)
      score: Int @cacheControl(maxAge: 10)
      friends: [User]
      team: Team
    }
    type Team @cacheControl(maxAge: 40) { name: String }
    type Product { id: ID }
  `);

  it('is kept for as long as its root field says', () => {
    expect(plan('{ users { id } }')?.maxAge).toBe(60);
    expect(plan('{ count }')?.maxAge).toBe(5);
  });

  it('is kept for the shortest time that anything in it says', () => {
    expect(plan('{ users { id } products { id } }')?.maxAge).toBe(20);
    expect(plan('{ users { id score } }')?.maxAge).toBe(10);
    expect(plan('{ users { team { name } } }')?.maxAge).toBe(40);
  });

  it.each([
    ['a root field declares no time', '{ users { id } time }'],
    ['a root field declares none, though something below it does', '{ time users { score } }'],
    ['a field that leads to objects declares none', '{ users { friends { id } } }'],
    ['a field says 0', '{ users { id } never }'],
    ['it is of a mutation', 'mutation { users { id } }'],
    ['it is of a subscription', 'subscription { users { id } }'],
    ['it introspects', '{ users { id } __schema { queryType { name } } }'],
    ['it introspects one type', '{ users { id } __type(name: "User") { name } }'],
    ['there is nothing in it', '{ __typename }'],
    ['it comes in parts', '{ users { id } ... @defer { count } }'],
    ['an alias begins like the fields that the cache adds', '{ users { __responseCacheTypeName: id } }'],
    ['an alias begins with two underscores', '{ __u: users { id } }'],
    ['an alias poses as the type', '{ users { __typename: id } }'],
  ])('is not kept where %s', (_, source) => {
    expect(plan(source)).toBeUndefined();
  });

  it('may tell the types of its objects', () => {
    expect(plan('{ __typename users { __typename type: __typename id } }')?.maxAge).toBe(60);
  });

  it.each([
    '{ me { id } }',
    '{ mine: me { id } }',
    '{ users { id email } }',
    '{ users { id mail: email } }',
    '{ users { ...F } } fragment F on User { mail: email }',
    '{ users { ... { ... on User { mail: email } } } }',
    '{ ...Q } fragment Q on Query { u: users { ...F } } fragment F on User { e: email }',
    'query ($no: Boolean = false) { users { id email @include(if: $no) } }',
    '{ users { id } a: me { id } }',
    '{ users { email } count }',
  ])('is PRIVATE as soon as any part of it is: %s', (source) => {
    expect(plan(source)?.scope).toBe('PRIVATE');
  });

  it('is never made PUBLIC, or kept longer, by other names for its fields', () => {
    const name = fc.stringMatching(/^[a-zA-Z_][a-zA-Z]{0,8}$/);
    fc.assert(
      fc.property(fc.array(name, { minLength: 3, maxLength: 3 }), ([a = '', b = '', c = '']) => {
        const renamed = plan(`{ ${a}: users { ${b}: email ${c}: score } }`);
        expect(renamed === undefined || (renamed.scope === 'PRIVATE' && renamed.maxAge === 10)).toBe(true);
      }),
    );
  });

  it('is tagged with its types and fields, by their own names', () => {
    expect(new Set(plan('{ all: users { e: email team { name } } }')?.tags)).toEqual(
      new Set(['Query.users', 'User', 'User*', 'User.email', 'User.team', 'Team', 'Team.name']),
    );
  });
});

describe('the time of a field', () => {
  it.each([
    ['is its own', 'T @cacheControl(maxAge: 60)', 'type T { n: Int }', 60],
    ['is that of its type', 'T', 'type T @cacheControl(maxAge: 50) { n: Int }', 50],
    ['is that of the type in a list', '[T!]!', 'type T @cacheControl(maxAge: 50) { n: Int }', 50],
    [
      'is its own before that of its type',
      'T @cacheControl(maxAge: 60)',
      'type T @cacheControl(maxAge: 5) { n: Int }',
      60,
    ],
    [
      'may be longer in its type’s extension',
      'T',
      'type T { n: Int } extend type T @cacheControl(maxAge: 50) { o: Int }',
      50,
    ],
    [
      'is not inherited by a root field',
      'T @cacheControl(inheritMaxAge: true)',
      'type T { n: Int @cacheControl(maxAge: 60) }',
      undefined,
    ],
    [
      'is that of the type where a root field inherits',
      'T @cacheControl(inheritMaxAge: true)',
      'type T @cacheControl(maxAge: 50) { n: Int }',
      50,
    ],
  ])('%s', (_, field, types, age) => {
    expect(ageOf(field, types)).toBe(age);
  });

  const nested = '{ f { m { n } } }';
  const root = 'T @cacheControl(maxAge: 60)';

  it.each([
    ['is 0 where it leads to objects and nobody says otherwise', 'M', 'type M { n: Int }', undefined],
    [
      'is that of the parent where the field inherits',
      'M @cacheControl(inheritMaxAge: true)',
      'type M { n: Int }',
      60,
    ],
    [
      'is that of the parent where the type inherits',
      '[M]',
      'type M @cacheControl(inheritMaxAge: true) { n: Int }',
      60,
    ],
    [
      'is that of its type though the field inherits',
      'M @cacheControl(inheritMaxAge: true)',
      'type M @cacheControl(maxAge: 7) { n: Int }',
      7,
    ],
    [
      'is its own though the type inherits',
      'M @cacheControl(maxAge: 7)',
      'type M @cacheControl(inheritMaxAge: true) { n: Int }',
      7,
    ],
    [
      'is that of the parent for an enum',
      'M @cacheControl(inheritMaxAge: true)',
      'type M { n: E } enum E { A }',
      60,
    ],
  ])('below the root %s', (_, field, types, age) => {
    expect(ageOf(root, `type T { m: ${field} } ${types}`, nested)).toBe(age);
  });

  it('does not make an answer PUBLIC or PRIVATE by itself', () => {
    const plan = planFor(
      'type Query { f: T @cacheControl(maxAge: 9) } type T @cacheControl(scope: PRIVATE) { n: Int }',
    );
    expect(plan('{ f { n } }')).toMatchObject({ maxAge: 9, scope: 'PRIVATE' });
  });

  it('may be declared PUBLIC over a PRIVATE type', () => {
    const plan = planFor(
      'type Query { f: T @cacheControl(maxAge: 9, scope: PUBLIC) } type T @cacheControl(scope: PRIVATE) { n: Int }',
    );
    expect(plan('{ f { n } }')).toMatchObject({ maxAge: 9, scope: 'PUBLIC' });
  });
});
