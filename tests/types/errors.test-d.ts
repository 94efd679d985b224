import type { GraphQLError } from 'graphql';
import { describe, expectTypeOf, it } from 'vitest';
import {
  badUserInput,
  clientError,
  conflict,
  type ErrorCode,
  forbidden,
  notFound,
  SchemaError,
  type SchemaProblem,
  unauthenticated,
} from '../../src/index.ts';

describe('the errors that clients are meant to see', () => {
  it('are made from a message', () => {
    for (const make of [conflict, forbidden, notFound, unauthenticated]) {
      expectTypeOf(make).toEqualTypeOf<(message: string) => GraphQLError>();
    }
  });

  it('name each field of an input with all of its problems', () => {
    expectTypeOf(badUserInput({ email: ['is taken'] })).toEqualTypeOf<GraphQLError>();
    // @ts-expect-error a field may have several
    badUserInput({ email: 'is taken' });
  });

  it('have codes that are known', () => {
    expectTypeOf(clientError).parameter(0).toEqualTypeOf<ErrorCode>();
    expectTypeOf(clientError('CONFLICT', 'It is taken.', { by: 1 })).toEqualTypeOf<GraphQLError>();
    // @ts-expect-error no status follows from it
    clientError('TEAPOT', 'I am one.');
  });

  it('are others than what stops the start', () => {
    expectTypeOf(SchemaError).toBeConstructibleWith([] as readonly SchemaProblem[]);
    expectTypeOf<SchemaError>().not.toExtend<GraphQLError>();
  });
});
