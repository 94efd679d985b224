import { makeExecutableSchema } from '@graphql-tools/schema';
import { buildSchema, getIntrospectionQuery, GraphQLScalarType, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createExecute } from '../../src/execution/create-execute.ts';
import { compare } from './compare.ts';
import { after } from './later.ts';

const schema = makeExecutableSchema<{ log: unknown[] }>({
  typeDefs: `
    enum Size { SMALL LARGE }
    scalar Json
    input Filter { tags: [String!], json: Json }
    interface Node { id: ID! }
    type Book implements Node { id: ID! title: String }
    type Film implements Node { id: ID! title: String length: Int }
    type Query {
      nodes: [Node!]
      size(of: Size = LARGE): Size
      search(filter: Filter, first: Int! = 10): Json
      self: Query
      a: Int
      b: Int
    }
    type Mutation { one: Int two: Int! three: Int }
  `,
  resolvers: {
    Size: { SMALL: 1, LARGE: { size: 'large' } },
    Json: new GraphQLScalarType({ name: 'Json' }),
    Node: { __resolveType: (node: { kind: string }) => node.kind },
    Query: {
      nodes: () => [
        { kind: 'Book', id: 1, title: 'a' },
        { kind: 'Film', id: 2, title: 'b', length: 3 },
      ],
      size: (_source, { of }: { of: unknown }) => of,
      search: (_source, args: unknown) => args,
      self: () => ({ a: 1, b: 2 }),
    },
    Mutation: {
      one: (_source, _args, { log }) => after(3, undefined, () => log.push('one')),
      two: (_source, _args, { log }) => log.push('two'),
      three: (_source, _args, { log }) => log.push('three'),
    },
  },
});

describe('an operation', () => {
  it.each([
    ['{ self { a } self { b } ...F } fragment F on Query { self { a c: b } }'],
    ['{ nodes { id ... on Book { title } ... on Film { title length } ... on Node { __typename } } }'],
    ['{ size small: size(of: SMALL) large: size(of: LARGE) none: size(of: null) }'],
    ['{ __proto__: a constructor: b self { __proto__: a toString: b } }'],
    ['query($a: Boolean!) { a @skip(if: $a) self { ...F @include(if: $a) b a } } fragment F on Query { a }'],
    [
      'query($f: Filter, $t: [String!]) { search(filter: $f) x: search(filter: { tags: $t, json: { k: [1] } }) }',
    ],
    ['query($n: Int! = 4) { search(first: $n) }'],
    ['query($constructor: Size) { size(of: $constructor) }'],
    ['{ a self @skip(if: true) { a } self @include(if: false) { b } }'],
    // What validation would not let through, graphql-js leaves out.
    ['{ a nothing ...Nothing self { nothing ...Self } } fragment Self on Query { a ...Self }'],
  ])('has the result that graphql-js gives: %s', async (source) => {
    for (const variableValues of [{ a: true }, { a: false, f: { tags: ['x'] }, t: null, n: 5 }]) {
      const { errors } = await compare(schema, source, { variableValues });
      expect(errors).toEqual([]);
    }
  });

  it('may ask for the schema', async () => {
    expect((await compare(schema, getIntrospectionQuery())).errors).toEqual([]);
  });

  it.each([
    ['query($a: Boolean = true) { a @skip(if: $a) }', null],
    ['query($a: Boolean = true) { self { a @skip(if: $a) b } }', { entries: [['self', null]] }],
    ['query($n: Int = 1) { search(first: $n) }', { entries: [['search', null]] }],
  ])('fails where null is no value for its variable: %s', async (source, data) => {
    const told = await compare(schema, source, { variableValues: { a: null, n: null } });
    expect([told.data, told.errors.length]).toEqual([data, 1]);
  });

  it('runs its mutations one after the other, and stops at one that fails and must not', async () => {
    const { log } = await compare(schema, 'mutation { one two three }');
    expect(log).toEqual(['one', 'two', 'three']);
    const failing = buildSchema('type Query { a: Int } type Mutation { one: Int two: Int! three: Int }');
    const rootValue = {
      one: (_args: unknown, context: { log: unknown[] }) => after(2, 1, () => context.log.push('one')),
      three: (_args: unknown, context: { log: unknown[] }) => context.log.push('three'),
    };
    expect((await compare(failing, 'mutation { one two three }', { rootValue })).log).toEqual(['one']);
  });

  it('gives each call of a resolver arguments of its own, which it may change', async () => {
    const seen: unknown[] = [];
    const own = makeExecutableSchema({
      typeDefs: 'input Filter { tags: [String!] } type Query { a(filter: Filter, first: Int = 3): Int }',
      resolvers: {
        Query: {
          a(_source, args: { filter: { tags: string[] }; first: number }) {
            seen.push(structuredClone(args));
            args.filter.tags.push('changed');
            args.first += 1;
          },
        },
      },
    });
    const compiled = createExecute(own);
    const args = {
      schema: own,
      document: parse('{ a(filter: { tags: ["x"] }) b: a(filter: { tags: [] }) }'),
    };
    for (let count = 0; count < 3; count += 1) await compiled(args, () => undefined);
    const once = [
      { filter: { tags: ['x'] }, first: 3 },
      { filter: { tags: [] }, first: 3 },
    ];
    expect(seen).toEqual([...once, ...once]);
  });

  it('has variables that are an object of their own for each execution', async () => {
    const found = new Set<unknown>();
    const own = makeExecutableSchema({
      typeDefs: 'type Query { a(x: Int): Int }',
      resolvers: {
        Query: { a: (_source, _args, _context, { variableValues }) => void found.add(variableValues) },
      },
    });
    const compiled = createExecute(own);
    for (const source of ['{ a }', 'query($x: Int) { a(x: $x) }']) {
      const args = { schema: own, document: parse(source), variableValues: { x: 1 } };
      for (let count = 0; count < 3; count += 1) await compiled(args, () => undefined);
    }
    expect(found.size).toBe(4);
  });
});
