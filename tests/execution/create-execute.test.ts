import { buildSchema, type ExecutionArgs, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createExecute } from '../../src/execution/create-execute.ts';

const schema = buildSchema(`
  directive @defer(if: Boolean) on INLINE_FRAGMENT
  type Query { a: Int link: Query }
  type Subscription { a: Int }
`);
const rootValue = { a: 1 };

type Given = Partial<ExecutionArgs> & { readonly signal?: AbortSignal };

/** Which of several executions of a document are left to another executor. */
function left(source: string, ...executions: Given[]): boolean[] {
  const compiled = createExecute(schema);
  const document = parse(source);
  return executions.map((args) => {
    const result = compiled({ schema, document, rootValue, ...args }, () => 'left');
    return result === 'left';
  });
}

describe('the compiler', () => {
  it('leaves what is executed for the first time to others, and compiles it then', () => {
    expect(left('{ a }', {}, {}, {})).toEqual([true, false, false]);
  });

  it('counts for each operation of a document by itself', () => {
    const [one, two] = [{ operationName: 'One' }, { operationName: 'Two' }];
    expect(left('query One { a } query Two { a }', one, two, one, two)).toEqual([true, true, false, false]);
  });

  it.each([
    ['subscriptions', 'subscription { a }', {}],
    ['what is answered in parts', '{ ... @defer { a } }', {}],
    ['mutations of a schema that has none', 'mutation { a }', {}],
    ['a document without the operation', 'query One { a }', { operationName: 'Two' }],
    ['several operations without a name', 'query One { a } query Two { a }', {}],
    ['wrong variables', 'query($x: Boolean!) { a @skip(if: $x) }', { variableValues: { x: 1 } }],
    ['resolvers that come with the execution', '{ a }', { fieldResolver: () => 2 }],
    ['resolvers of types that come with the execution', '{ a }', { typeResolver: () => 'Query' }],
    ['executions that can be cancelled', '{ a }', { signal: new AbortController().signal }],
    ['other schemas', '{ a }', { schema: buildSchema('type Query { a: Int }') }],
  ])('leaves %s to others', (_what, source, args: Given) => {
    expect(left(source, args, args, args)).toEqual([true, true, true]);
  });

  it('gives up operations that their variables would make larger and larger', () => {
    const names = Array.from({ length: 6 }, (_, index) => `v${index}`);
    const header = names.map((name) => `$${name}: Boolean!`).join(' ');
    const fields = names.map((name) => `${name}: a @skip(if: $${name})`).join(' ');
    const variables = Array.from({ length: 64 }, (_, bits) => ({
      variableValues: Object.fromEntries(names.map((name, index) => [name, ((bits >> index) & 1) === 1])),
    }));
    const wereLeft = left(`query(${header}) { ${fields} }`, ...variables);
    expect(wereLeft.slice(1, 9)).toEqual(Array.from({ length: 8 }, () => false));
    expect(wereLeft.slice(-8)).toEqual(Array.from({ length: 8 }, () => true));
  });

  it('gives up operations that their fragments would make larger and larger', () => {
    const links = Array.from({ length: 8 }, (_, index) => {
      const next = index === 7 ? 'a' : `...F${index + 1}`;
      return `fragment F${index} on Query { x: link { ${next} } y: link { ${next} } }`;
    });
    const self: { a: number; link?: unknown } = { a: 1 };
    self.link = self;
    const large = { rootValue: self };
    expect(left(`{ ...F0 } ${links.join(' ')}`, large, large, large)).toEqual([true, false, true]);
  });

  it('refuses a schema that is not valid', () => {
    expect(() => createExecute(buildSchema('type Nothing { a: Int }'))).toThrow('Query root type');
  });
});
