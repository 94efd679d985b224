import { execute as executeWithTools } from '@graphql-tools/executor';
import { buildSchema, type ExecutionArgs, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createExecute } from '../../src/execution/create-execute.ts';
import { compare } from './compare.ts';
import { after } from './later.ts';

describe('lists that are still to come', () => {
  const schema = buildSchema(
    'type Query { open: [Int] closed: [Int!] objects: [Thing!] } type Thing { id: ID! }',
  );
  async function* numbers(...items: readonly unknown[]): AsyncGenerator {
    for (const item of items) {
      await Promise.resolve();
      if (item === 'fail') throw new Error('no more');
      yield item;
    }
  }

  it.each([
    ['values', { open: () => numbers(1, 2), closed: () => numbers(3) }],
    ['promises', { open: () => numbers(after(3, 1), after(1, 2)) }],
    ['null where it may be', { open: () => numbers(1, null), closed: () => numbers() }],
    ['null where it may not be', { closed: () => numbers(1, null, 2) }],
    ['an end in an error', { open: () => numbers(1, 'fail') }],
    ['an end in an error where nothing may be null', { closed: () => numbers(1, 'fail') }],
    ['objects', { objects: () => numbers({ id: 1 }, { id: () => after(2, 2) }) }],
    ['objects that fail', { objects: () => numbers({ id: 1 }, {}) }],
  ])('have what the executor of the servers makes of them: %s', async (_what, rootValue) => {
    const expected = (args: ExecutionArgs): unknown => executeWithTools(args);
    await compare(schema, '{ open closed objects { id } }', { rootValue, expected });
  });

  it('are closed when they are given up', async () => {
    let isClosed = false;
    async function* items(): AsyncGenerator {
      try {
        await Promise.resolve();
        yield null;
        yield 1;
      } finally {
        isClosed = true;
      }
    }
    const compiled = createExecute(schema);
    const args = { schema, document: parse('{ closed }'), rootValue: { closed: items } };
    compiled(args, () => undefined);
    await compiled(args, () => undefined);
    expect(isClosed).toBe(true);
  });
});
