import { execute } from '@graphql-tools/executor';
import { buildSchema, type ExecutionArgs, GraphQLError, isScalarType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { compare } from './compare.ts';
import { after } from './later.ts';
import type { Told } from './told.ts';

const schema = buildSchema(`
  scalar Odd
  type Person { name: String! odd: Odd! }
  type Query { a: Int b: Int! person: Person names: [String] odd: Odd odds: [Odd] }
`);

/** Where graphql-js and the executor of the servers differ, an operation must not change when it is compiled. */
function compareWithServers(source: string, rootValue: unknown): Promise<Told> {
  return compare(schema, source, { rootValue, expected: (args: ExecutionArgs) => execute(args) });
}

function several(): AggregateError {
  const extensions = { code: 'BAD_USER_INPUT' };
  return new AggregateError([new GraphQLError('one', { extensions }), new Error('two')], 'many');
}

function throwSeveral(): never {
  throw several();
}

describe('several errors in one', () => {
  it.each([
    ['thrown', '{ a }', { a: throwSeveral }, 2],
    ['returned', '{ a }', { a: several() }, 2],
    ['rejected with', '{ a }', { a: () => after(1, undefined, throwSeveral) }, 2],
    ['for what must not be null', '{ b }', { b: throwSeveral }, 1],
    ['below an object', '{ person { name } }', { person: { name: throwSeveral } }, 1],
    ['for an item of a list', '{ names }', { names: ['Ada', several()] }, 1],
  ])('are what the executor of the servers makes of them: %s', async (_how, source, rootValue, count) => {
    expect((await compareWithServers(source, rootValue)).errors).toHaveLength(count);
  });
});

describe('what a scalar complains of with a code', () => {
  const odd = schema.getType('Odd');
  if (!isScalarType(odd)) throw new TypeError('Odd is a scalar.');
  odd.serialize = () => {
    throw new GraphQLError('Not for clients.', { extensions: { code: 'ODD' } });
  };

  it.each([
    ['a field', '{ odd }', { odd: 1 }],
    ['an item', '{ odds }', { odds: [1] }],
    ['what must not be null', '{ person { odd } }', { person: { odd: 1 } }],
  ])('is not taken for what a resolver tells the client: %s', async (_of, source, rootValue) => {
    const { errors } = await compareWithServers(source, rootValue);
    expect(errors).toMatchObject([{ extensions: {}, cause: ['Error', 'Error', 'Not for clients.'] }]);
  });
});
