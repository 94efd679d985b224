import { GraphQLError, OperationTypeNode } from 'graphql';
import { describe, expect, it } from 'vitest';
import { rejectIfAllDenied, retryAfterOf } from '../../src/rate-limit/rejection.ts';

const { QUERY, MUTATION } = OperationTypeNode;

function denied(path: readonly (string | number)[], retryAfter?: number): GraphQLError {
  const code = retryAfter === undefined ? 'RATE_LIMIT_COST_EXCEEDED' : 'RATE_LIMITED';
  return new GraphQLError('denied', { path, extensions: { code, ...(retryAfter && { retryAfter }) } });
}

describe('an operation', () => {
  it('of which every root selection was denied is rejected: it has errors and no data', () => {
    const errors = [denied(['a'], 5), denied(['b'])];
    expect(rejectIfAllDenied({ data: { a: null, b: null }, errors }, MUTATION)).toEqual({ errors });
  });

  it('of which a denial made the whole of data null is rejected', () => {
    const errors = [denied(['list', 0, 'a'], 5)];
    expect(rejectIfAllDenied({ data: null, errors }, QUERY)).toEqual({ errors });
    expect(rejectIfAllDenied({ errors }, QUERY)).toEqual({ errors });
  });

  it.each([
    ['another root selection has a value', { data: { a: null, b: 1 }, errors: [denied(['a'], 5)] }],
    ['another root selection is null of itself', { data: { a: null, b: null }, errors: [denied(['a'], 5)] }],
    ['the denial is further down', { data: { list: [{ a: null }] }, errors: [denied(['list', 0, 'a'], 5)] }],
    [
      'something else went wrong as well',
      { data: { a: null, b: null }, errors: [denied(['a'], 5), new GraphQLError('other', { path: ['b'] })] },
    ],
    ['nothing was denied', { data: null, errors: [new GraphQLError('other')] }],
    ['there are no errors', { data: {} }],
    ['there are no errors in the list', { data: { a: null }, errors: [] }],
  ])('stays as it is where %s', (_, result) => {
    expect(rejectIfAllDenied(result, QUERY)).toBe(result);
  });
});

describe('a mutation', () => {
  it('whose data became null is not called rejected, since fields of it may have run', () => {
    const result = { data: null, errors: [denied(['create', 'n'], 5)] };
    expect(rejectIfAllDenied(result, MUTATION)).toBe(result);
  });
});

describe('the wait before asking again', () => {
  it('is the longest of all denials', () => {
    expect(retryAfterOf({ errors: [denied(['a'], 5), denied(['b'], 17), denied(['c'], 3)] })).toBe(17);
  });

  it('is none where nothing was denied, or waiting does not help', () => {
    expect(retryAfterOf({})).toBeUndefined();
    expect(retryAfterOf({ errors: [] })).toBeUndefined();
    expect(retryAfterOf({ errors: [denied(['a']), new GraphQLError('other')] })).toBeUndefined();
  });
});
