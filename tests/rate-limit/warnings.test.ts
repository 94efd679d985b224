import { describe, expect, it } from 'vitest';
import { declare } from '../support/declared.ts';

const coordinates = (sdl: string): string[] => declare(sdl).warnings.map(({ coordinate }) => coordinate);

describe('a warning', () => {
  it('says which field would null the whole of data when it is denied, and the fix', () => {
    expect(declare('type Query { f: Int! @rateLimit }').warnings).toEqual([
      {
        coordinate: 'Query.f',
        message:
          'The field is limited and of the type Int!, so that a denial would null the whole of "data". ' +
          'Make it nullable: Int.',
      },
    ]);
  });

  it.each([
    ['type Query { f: [Int!]! @rateLimit }', 'Query.f'],
    ['type Query { f: Int } type Mutation { g: Int! @rateLimit }', 'Mutation.g'],
    ['type Query { f: Int } type Subscription { g: Int! @rateLimit }', 'Subscription.g'],
    ['type Query { a: A! } type A { f: Int! @rateLimit }', 'A.f'],
    ['type Query { a: [[A!]!]! } type A { b: B! } type B { f: Int! @rateLimit }', 'B.f'],
    ['type Query { n: N! } interface N { f: Int! } type A implements N { f: Int! @rateLimit }', 'A.f'],
    ['type Query { u: U! } union U = A type A { f: Int! @rateLimit }', 'A.f'],
    ['type Query @rateLimit { f: Int! }', 'Query.f'],
    ['type Query { f: Int! @rateLimit(limit: 9, tiers: [{ tier: "ADMIN", limit: null }]) }', 'Query.f'],
  ])('is given for %s', (sdl, coordinate) => {
    expect(coordinates(sdl)).toEqual([coordinate]);
  });

  it.each([
    'type Query { f: Int @rateLimit }',
    'type Query { f: [Int!] @rateLimit }',
    'type Query { f: Int! }',
    'type Query { a: A } type A { f: Int! @rateLimit }',
    'type Query { a: [A!] } type A { f: Int! @rateLimit }',
    'type Query { a: [A]! } type A { f: Int! @rateLimit }',
    'type Query { f: Int! @rateLimit(mode: REPORT) }',
    'type Query @rateLimit { f: Int! @rateLimitExempt }',
  ])('is not given for %s', (sdl) => {
    expect(coordinates(sdl)).toEqual([]);
  });

  it('is not given where no limit denies', () => {
    expect(declare('type Query { f: Int! @rateLimit }', {}, { mode: 'report' }).warnings).toEqual([]);
  });
});
