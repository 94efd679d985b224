import { buildSchema, getOperationAST, type OperationDefinitionNode, parse, visit } from 'graphql';
import { describe, expect, it } from 'vitest';
import { coerceAhead, coerceVariables } from '../../src/execution/coerce-variables.ts';

const schema = buildSchema('type Query { a(x: Int): Int }');

function operation(source: string): OperationDefinitionNode {
  const found = getOperationAST(parse(source));
  if (found == null) throw new TypeError(`There is no operation in ${source}.`);
  return found;
}

const withX = operation('query($x: Int = 5) { a(x: $x) }');

describe('the variables of an operation', () => {
  it('have their defaults', () => {
    expect(coerceVariables(schema, withX, {}).values).toEqual({ x: 5 });
  });

  it('are not what they are called, where that is __proto__', () => {
    const odd = operation('query($__proto__: Int = 5) { a(x: $__proto__) }');
    expect(Object.keys(coerceVariables(schema, odd, {}).values ?? {})).toEqual([]);
  });

  it('are reported where they are wrong', () => {
    expect(coerceVariables(schema, withX, { x: 'text' }).errors).toHaveLength(1);
  });

  it('that are coerced ahead are taken by one execution', () => {
    const raw = { x: 1 };
    const { values } = coerceAhead(schema, withX, raw);
    expect(coerceVariables(schema, withX, raw).values).toBe(values);
    expect(coerceVariables(schema, withX, raw).values).not.toBe(values);
  });

  it('that are coerced ahead are taken by what plugins make of the operation', () => {
    const raw = { x: 1 };
    const { values } = coerceAhead(schema, withX, raw);
    const rewritten = visit(withX, { Field: (node) => ({ ...node, alias: node.name }) });
    expect(coerceVariables(schema, rewritten, raw).values).toBe(values);
  });

  it('are coerced anew for another operation', () => {
    const raw = { x: 1 };
    const { values } = coerceAhead(schema, withX, raw);
    expect(coerceVariables(schema, operation('query($x: Int) { a(x: $x) }'), raw).values).not.toBe(values);
  });
});
