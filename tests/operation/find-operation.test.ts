import { type DocumentNode, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createFindOperation, type Operation } from '../../src/operation/find-operation.ts';
import { declare } from '../support/declared.ts';

const declared = declare(`
  type Query {
    users(first: Int, after: ID): [User] @cacheControl(maxAge: 60)
    me: User @cacheControl(maxAge: 30, scope: PRIVATE)
    node: Node @cacheControl(maxAge: 60)
    limited: Int @cacheControl(maxAge: 60) @rateLimit
    fresh: Int
  }
  type Mutation { rename: User }
  type Subscription { renamed: User }
  interface Node { id: ID price: Int }
  type User implements Node { id: ID price: Int friends: [User] @cacheControl(inheritMaxAge: true) }
  type Product implements Node { id: ID price: Int @rateLimit }
`);

const find = createFindOperation(declared);
const prepared = (source: string, name?: string): Operation | undefined => find(parse(source), name);

describe('an operation', () => {
  it('is known by its kind and the variables that it declares', () => {
    expect(prepared('query Q($b: ID, $a: Int = 3) { users(first: $a, after: $b) { id } }')).toMatchObject({
      kind: 'query',
      variableNames: ['a', 'b'],
      cachePlan: { maxAge: 60, scope: 'PUBLIC', tags: ['Query.users', 'User.id', 'User', 'User*'] },
    });
  });

  it('reads the same whatever its white space and comments', () => {
    const texts = ['{users{id}}', '{ users { id } }', '# all\n{\n\tusers, { id, } # ids\n}'];
    expect(new Set(texts.map((text) => prepared(text)?.digest)).size).toBe(1);
  });

  it.each([
    '{ users { i: id } }',
    '{ users(first: 1) { id } }',
    'query Q { users { id } }',
    '{ users { id id } }',
  ])('reads differently where it may be answered differently: %s', (text) => {
    expect(prepared(text)?.digest).not.toBe(prepared('{ users { id } }')?.digest);
  });

  it('is prepared once', () => {
    const document = parse('query Q { users { id } }');
    expect(find(document, 'Q')).toBe(find(document, undefined));
  });
});

describe('a document with several operations', () => {
  const document = parse(`
    query Users { users { ...F } }
    query Me { me { ...F } }
    query Fresh { users { ...F } fresh }
    mutation Rename { rename { id } }
    subscription Renamed { renamed { id } }
    fragment F on User { id }
    fragment Unused on Query { fresh }
  `);

  it('has a plan for each', () => {
    const plan = (name: string) => find(document, name)?.cachePlan;
    expect(plan('Users')).toMatchObject({ maxAge: 60, scope: 'PUBLIC' });
    expect(plan('Me')).toMatchObject({ maxAge: 30, scope: 'PRIVATE' });
    expect(['Fresh', 'Rename', 'Renamed'].map(plan)).toEqual([undefined, undefined, undefined]);
  });

  it('knows each by a text of its own, with the fragments it uses', () => {
    const alone = parse('query Users { users { ...F } } fragment F on User { id }');
    expect(find(document, 'Users')?.digest).toBe(find(alone, undefined)?.digest);
  });

  it('is another one in another schema', () => {
    const other = createFindOperation(declare('type Query { users: [User] } type User { id: ID }'));
    const alone = parse('query Users { users { ...F } } fragment F on User { id }');
    expect(other(alone, undefined)?.digest).not.toBe(find(document, 'Users')?.digest);
  });

  it('has none to run where the name is missing or unknown', () => {
    for (const name of [undefined, null, '', 'users', 'toString'])
      expect(find(document, name)).toBeUndefined();
  });

  it('is not spoilt by names that were asked for before', () => {
    const single: DocumentNode = parse('{ users { id } }');
    expect(find(single, '')).toBeUndefined();
    expect(find(single, 'Nope')).toBeUndefined();
    expect(find(single, undefined)).toBeDefined();
    expect(find(single, '')).toBeUndefined();
  });
});

describe('an operation with a limited field', () => {
  it('may be kept like any other, since limits are charged before the cache is asked', () => {
    expect(prepared('{ users { id } limited }')?.cachePlan).toMatchObject({ maxAge: 60 });
  });

  it('has a plan of what it asks for', () => {
    const plan = prepared(
      'query ($no: Boolean = true) { a: limited b: limited @skip(if: $no) users { id } }',
    )?.limitPlan;
    const places = (no: boolean) =>
      plan?.selections({ no }).entries.map((entry) => entry.kind === 'selection' && entry.selection.place);
    expect([places(true), places(false)]).toEqual([['a'], ['a', 'b']]);
  });
});

describe('a document that is made to be expensive', () => {
  it('is prepared in milliseconds where it asks for an interface of 50 types thousands of times', () => {
    const types = Array.from(
      { length: 50 },
      (_, n) => `type T${n} implements N @cacheControl(maxAge: 9) { n: N }`,
    );
    const wide = createFindOperation(
      declare(`type Query { n: N @cacheControl(maxAge: 60) } interface N { n: N } ${types.join(' ')}`),
    );
    const aliases = Array.from({ length: 2000 }, (_, n) => `a${n}: n { __typename }`);
    const document = parse(`{ ${aliases.join(' ')} }`);
    const started = performance.now();
    expect(wide(document, undefined)?.cachePlan).toMatchObject({ maxAge: 60 });
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('is taken apart once, however many of its operations are asked for', () => {
    const names = Array.from({ length: 1000 }, (_, n) => `Q${n}`);
    const document = parse(names.map((name) => `query ${name} { users { id } }`).join(' '));
    const started = performance.now();
    for (const name of names) expect(find(document, name)).toBeDefined();
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it('is prepared in milliseconds where fragments spread each other twice, 25 deep', () => {
    const fragments = Array.from(
      { length: 25 },
      (_, n) => `fragment F${n} on User { a: friends { ...F${n + 1} } b: friends { ...F${n + 1} } }`,
    );
    const document = parse(`{ users { ...F0 ...F0 } } ${fragments.join(' ')} fragment F25 on User { id }`);
    const started = performance.now();
    expect(find(document, undefined)?.cachePlan).toMatchObject({ maxAge: 60 });
    expect(performance.now() - started).toBeLessThan(200);
  });

  it('is prepared where fragments are a circle, which validation refuses', () => {
    expect(
      prepared('{ users { ...A } } fragment A on User { ...B } fragment B on User { id ...A }'),
    ).toBeDefined();
  });

  it('is prepared where fields, types and fragments do not exist, which validation refuses', () => {
    expect(prepared('{ users { nope { nope } } ...Nope ...F } fragment F on Nope { id }')).toBeDefined();
  });
});
