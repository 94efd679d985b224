import { makeExecutableSchema } from '@graphql-tools/schema';
import {
  type DocumentNode,
  getOperationAST,
  type GraphQLResolveInfo,
  type OperationDefinitionNode,
  parse,
  visit,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { type CoercedVariables, coerceVariables } from '../../src/execution/coerce-variables.ts';
import { createExecute } from '../../src/execution/create-execute.ts';

const schema = makeExecutableSchema({
  typeDefs: 'type Query { a(x: Int): Int }',
  resolvers: {
    Query: {
      a(_source, args: unknown, seen: unknown[], { variableValues }: GraphQLResolveInfo) {
        seen.push({ args, variableValues });
      },
    },
  },
});

function operation(document: DocumentNode): OperationDefinitionNode {
  const found = getOperationAST(document);
  if (found == null) throw new TypeError('There is no operation in the document.');
  return found;
}

const withX = parse('query($x: Int = 5) { a(x: $x) }');
const odd = parse('query($__proto__: Int = 5) { a(x: $__proto__) }');

describe('the variables of an operation', () => {
  it('have their defaults', () => {
    expect(coerceVariables(schema, operation(withX), {}).values).toEqual({ x: 5 });
  });

  it('are not what they are called, where that is __proto__', () => {
    expect(Object.keys(coerceVariables(schema, operation(odd), {}).values ?? {})).toEqual([]);
  });

  it('are reported where they are wrong', () => {
    expect(coerceVariables(schema, operation(withX), { x: 'text' }).errors).toHaveLength(1);
  });
});

/** What resolvers of a compiled operation see, which is executed twice with variables that were coerced ahead. */
function seenOf(document: DocumentNode, raw: Record<string, unknown>, coerced: CoercedVariables): unknown[] {
  const seen: unknown[] = [];
  const compiled = createExecute(schema);
  const args = { schema, document, variableValues: raw, contextValue: seen };
  for (let count = 0; count < 3; count += 1) void compiled(args, () => undefined, coerced);
  return seen;
}

describe('variables that are coerced ahead', () => {
  const raw = { x: 1 };
  const { variableDefinitions: definitions } = operation(withX);
  // Nobody could tell from the right value that it has not been coerced again.
  const ahead = { values: { x: 7 }, definitions, raw };

  it('are not coerced again', () => {
    expect(seenOf(withX, raw, ahead)).toMatchObject([{ args: { x: 7 } }, { args: { x: 7 } }]);
  });

  it('are those of what plugins make of the operation', () => {
    const rewritten: DocumentNode = visit(withX, { Field: (node) => ({ ...node, alias: node.name }) });
    expect(seenOf(rewritten, raw, ahead)).toMatchObject([{ args: { x: 7 } }, { args: { x: 7 } }]);
  });

  it('are coerced anew for another operation, and for other variables', () => {
    const other = parse('query($x: Int) { a(x: $x) }');
    expect(seenOf(other, raw, ahead)).toMatchObject([{ args: { x: 1 } }, { args: { x: 1 } }]);
    expect(seenOf(withX, { x: 2 }, ahead)).toMatchObject([{ args: { x: 2 } }, { args: { x: 2 } }]);
  });

  it('are an object of its own for each execution', () => {
    const [one, two] = seenOf(withX, raw, ahead) as [Record<string, unknown>, Record<string, unknown>];
    expect(one['variableValues']).toEqual(two['variableValues']);
    expect(new Set([one['variableValues'], two['variableValues'], ahead.values]).size).toBe(3);
  });
});
