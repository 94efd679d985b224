import { type OperationDefinitionNode, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { buildSchema } from '../../src/directives/build-schema.ts';
import { planCache } from '../../src/response-cache/cache-plan.ts';

describe('the time past its time that an answer is given', () => {
  function windowsOf(fields: string): unknown {
    const document = parse('{ a { n } b }');
    const [operation] = document.definitions as OperationDefinitionNode[];
    const schema = buildSchema(fields, {});
    const plan = operation && planCache(schema, document, operation, { isLimited: () => false });
    return [plan?.maxAge, plan?.staleWhileRevalidate, plan?.staleIfError];
  }

  it.each([
    [
      'is that of all fields',
      'maxAge: 60, staleWhileRevalidate: 30, staleIfError: 90',
      'maxAge: 60, staleWhileRevalidate: 30, staleIfError: 90',
      '',
      [60, 30, 90],
    ],
    [
      'ends with the first that ends',
      'maxAge: 60, staleWhileRevalidate: 30',
      'maxAge: 10, staleWhileRevalidate: 70',
      '',
      [10, 70, 0],
    ],
    [
      'ends with a field that has none, and a longer time',
      'maxAge: 10, staleIfError: 500',
      'maxAge: 60',
      '',
      [10, 0, 50],
    ],
    [
      'is none where one field has the shortest time and no more',
      'maxAge: 60, staleWhileRevalidate: 30',
      'maxAge: 10',
      '',
      [10, 0, 0],
    ],
    [
      'ends with a field below',
      'maxAge: 60, staleWhileRevalidate: 30',
      'maxAge: 60, staleWhileRevalidate: 30',
      'maxAge: 70',
      [60, 10, 0],
    ],
    [
      'is not shortened by a field that says nothing',
      'maxAge: 60, staleWhileRevalidate: 30',
      'maxAge: 60, staleWhileRevalidate: 30',
      'scope: PUBLIC',
      [60, 30, 0],
    ],
  ])('%s', (_title, a, b, n, expected) => {
    const below = n === '' ? '' : `@cacheControl(${n})`;
    expect(
      windowsOf(
        `type Query { a: T @cacheControl(${a}) b: Int @cacheControl(${b}) } type T { n: Int ${below} }`,
      ),
    ).toEqual(expected);
  });

  it('is that of the type where the field has none, and inherits with the maxAge', () => {
    expect(
      windowsOf(
        'type Query { a: T b: Int @cacheControl(maxAge: 99, staleWhileRevalidate: 99) } type T @cacheControl(maxAge: 60, staleWhileRevalidate: 5) { n: Int }',
      ),
    ).toEqual([60, 5, 0]);
  });
});
