import { buildSchema, GraphQLError, GraphQLString, parse } from 'graphql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createExecute } from '../../src/execution/create-execute.ts';
import { compare } from './compare.ts';
import { after } from './later.ts';

const schema = buildSchema(`
  type Person { name: String! }
  type Query { person: Person people: [Person!] names: [String!] matrix: [[Int!]!] a: Int b: Int! }
`);

function throwText(): never {
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- Resolvers do.
  throw 'a text';
}

describe('what resolvers return', () => {
  it('is asked of a method with the arguments, the context and the info', async () => {
    class Root {
      readonly #name = 'private';
      person(args: unknown, context: { log: unknown[] }, info: { fieldName: string }): unknown {
        context.log.push(args, info.fieldName);
        return { name: this.#name };
      }
    }
    const { data, log } = await compare(schema, '{ person { name } }', { rootValue: new Root() });
    expect(data).toEqual({ entries: [['person', { entries: [['name', 'private']] }]] });
    expect(log).toEqual([{}, 'person']);
  });

  it.each([
    ['a number for an object', 'person { name }', 1],
    ['a text for a list', 'names', 'abc'],
    ['an object for a list', 'names', { length: 1 }],
    ['an object for a scalar', 'a', {}],
    ['null for what must not be null', 'b', null],
    ['undefined for what must not be null', 'b', undefined],
    ['an error', 'a', new Error('returned')],
    ['an error in a list', 'names', ['a', new Error('an item')]],
    ['holes in a list', 'names', Array.from({ length: 2 })],
    ['a promise that is rejected', 'a', () => after(1, undefined, throwText)],
    ['what is thrown, and is no error', 'a', throwText],
    ['an error with a place of its own', 'a', new GraphQLError('there', { path: ['elsewhere'] })],
    ['null in what must not be null, in a list of lists', 'matrix', [[1], [2, null]]],
  ])('is a field error as graphql-js makes it: %s', async (_what, selection, value) => {
    const rootValue = { [/\w+/.exec(selection)?.[0] ?? '']: value };
    const { errors } = await compare(schema, `{ ${selection} }`, { rootValue });
    expect(errors).toHaveLength(1);
  });

  it('may be a property that throws', async () => {
    const rootValue = Object.defineProperty({}, 'a', { get: throwText });
    expect((await compare(schema, '{ a }', { rootValue })).errors).toHaveLength(1);
  });

  it('may be lists in lists, of whatever can be gone through, with promises in them', async () => {
    const rootValue = { matrix: () => after(1, [[1, 2], after(2, new Set([3])), [after(0, 4)].values()]) };
    const { data } = await compare(schema, '{ matrix }', { rootValue });
    expect(data).toEqual({ entries: [['matrix', [[1, 2], [3], [4]]]] });
  });

  it('does not leave rejections unheard where a list is given up at once', async () => {
    const compiled = createExecute(schema);
    const rootValue = { people: [{ name: () => after(3, undefined, throwText) }, null] };
    const args = { schema, document: parse('{ people { name } }'), rootValue };
    compiled(args, () => undefined);
    expect(await compiled(args, () => undefined)).toMatchObject({ data: { people: null } });
    // A rejection that nobody has heard would be reported by whoever runs this test.
    await new Promise(setImmediate);
  });

  it('is serialised by what a schema has put in place of the functions of graphql-js', async () => {
    const { serialize } = GraphQLString;
    onTestFinished(() => {
      GraphQLString.serialize = serialize;
    });
    GraphQLString.serialize = (value) => `${String(value)}!`;
    const { data } = await compare(schema, '{ names }', { rootValue: { names: ['Ada'] } });
    expect(data).toEqual({ entries: [['names', ['Ada!']]] });
  });

  it('is there at once if no resolver makes a promise', () => {
    const compiled = createExecute(schema);
    const args = {
      schema,
      document: parse('{ a people { name } }'),
      rootValue: { people: [{ name: 'Ada' }] },
    };
    compiled(args, () => undefined);
    expect(compiled(args, () => undefined)).toEqual({ data: { a: null, people: [{ name: 'Ada' }] } });
  });
});
