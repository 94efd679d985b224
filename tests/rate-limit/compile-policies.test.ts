import { describe, expect, it } from 'vitest';
import { createApp } from '../../src/app/create-app.ts';
import { loadConfig } from '../../src/config/config.ts';
import { SchemaError } from '../../src/directives/schema-error.ts';
import { problemsOf } from '../support/declared.ts';

const field = (directives: string): string => `type Query { f: Int ${directives} }`;

describe('a @rateLimit that cannot work', () => {
  it.each([
    ['limit: 0', 'a limit is at least 1. To close a field to some callers give their tier the limit 0.'],
    ['limit: -5', 'a limit is at least 1. To close a field to some callers give their tier the limit 0.'],
    ['duration: 0', 'a duration is 1 to 31622400 seconds.'],
    ['duration: -1', 'a duration is 1 to 31622400 seconds.'],
    ['duration: 31622401', 'a duration is 1 to 31622400 seconds.'],
    ['cost: 0', 'a cost is at least 1. To make a field free use @rateLimitExempt.'],
    ['cost: -1', 'a cost is at least 1. To make a field free use @rateLimitExempt.'],
    ['cost: 61', 'it is above the limit of 60, so that the field could never be asked for.'],
    ['by: []', 'name at least one of USER, API_KEY, IP, GLOBAL.'],
    ['name: "a b"', 'use 1 to 100 of the characters A-Z a-z 0-9 _ . # / -.'],
    ['name: ""', 'use 1 to 100 of the characters A-Z a-z 0-9 _ . # / -.'],
    ['name: "a|b"', 'use 1 to 100 of the characters A-Z a-z 0-9 _ . # / -.'],
    ['name: "sluice.denials"', "names that begin with sluice. are the server's own."],
    ['strategy: LEAKY', 'the value must be of the type RateLimitStrategy!.'],
    ['limit: "x"', 'the value must be of the type Int!.'],
    ['limit: null', 'the value must be of the type Int!.'],
    ['limit: 1.5', 'the value must be of the type Int!.'],
    ['limit: 99999999999', 'the value must be of the type Int!.'],
    ['by: [HOST]', 'the value must be of the type [RateLimitKey!].'],
    ['mode: "REPORT"', 'the value must be of the type RateLimitMode!.'],
    ['tiers: [{limit: 3}]', 'the value must be of the type [RateLimitTier!].'],
  ])('stops the start with its coordinate, the value and the fix: %s', (argument, fix) => {
    expect(problemsOf(field(`@rateLimit(${argument})`))).toEqual([
      `Query.f: @rateLimit(${argument}): ${fix}`,
    ]);
  });

  it('stops the start where SLIDING_LOG would have to remember too much', () => {
    expect(problemsOf(field('@rateLimit(limit: 10000, strategy: SLIDING_LOG)'))).toEqual([]);
    expect(problemsOf(field('@rateLimit(limit: 10001, strategy: SLIDING_LOG)'))).toEqual([
      'Query.f: @rateLimit(limit: 10001): SLIDING_LOG remembers every use, so that 10000 is the most.',
    ]);
  });

  it.each([
    ['{ tier: "FREE", limit: -1 }', '', 'use 0 for never or null for unlimited.'],
    ['{ tier: "FREE", limit: 3 }', ', cost: 5', 'it is below the cost of 5; use 0 for never.'],
    [
      '{ tier: "FREE", limit: 10001 }',
      ', strategy: SLIDING_LOG',
      'SLIDING_LOG remembers every use, so that 10000 is the most.',
    ],
    ['{ tier: "" }', '', 'name the tier.'],
  ])('may be wrong for one tier: %s', (tier, others, fix) => {
    expect(problemsOf(field(`@rateLimit(tiers: [${tier}]${others})`))).toEqual([
      `Query.f: @rateLimit(tiers: ${tier}): ${fix}`,
    ]);
  });

  it('names the entries that a tier has when one is misspelt, which would make it unlimited', () => {
    const use = '@rateLimit(tiers: [{tier: "FREE", limits: 3}])';
    expect(problemsOf(field(use))).toEqual([
      `Query.f: ${use}: RateLimitTier has no entry "limits". It has tier, limit.`,
    ]);
  });

  it('names the arguments there are when one is misspelt', () => {
    expect(problemsOf(field('@rateLimit(limits: 3)'))).toEqual([
      'Query.f: @rateLimit has no argument "limits". Its arguments are limit, duration, name, by, identityArgs, ' +
        'unit, cost, multipliers, strategy, tiers, count, onCacheHit, mode.',
    ]);
    expect(problemsOf(field('@rateLimitExempt(for: "all")'))).toEqual([
      'Query.f: @rateLimitExempt has no argument "for". It takes no arguments.',
    ]);
  });

  it('is told of with all others at once', () => {
    const problems = problemsOf(`
      type Query {
        f: Int @rateLimit(limit: 0, duration: 0)
        g(a: Int): Int @rateLimit(multipliers: ["b"]) @rateLimit(cost: 0) @cacheControl(maxAge: -1)
      }
      type Mutation { h: Int @invalidates }
    `);
    expect(problems).toHaveLength(6);
    for (const coordinate of ['Query.f', 'Query.g', 'Mutation.h'])
      expect(problems.some((problem) => problem.startsWith(`${coordinate}: `))).toBe(true);
  });

  it.each(['@rateLimit', '@rateLimitExempt'])('stands on a field of an interface: %s', (directive) => {
    const problems = problemsOf(`
      interface Node { id: ID ${directive} }
      type User implements Node { id: ID }
      type Product implements Node { id: ID }
      type Query { node: Node }
    `);
    expect(problems).toEqual([
      `Node.id: ${directive} on a field of an interface has no effect. ` +
        'Put it on the fields of the object types: User.id, Product.id.',
    ]);
  });

  it.each([
    ['interface I @rateLimit { f: Int } type Query implements I { f: Int }', 'I'],
    ['union U @rateLimit = Query type Query { f: Int }', 'U'],
    ['enum E @rateLimit { A } type Query { f: E }', 'E'],
    ['type Query { f(a: Int @rateLimit): Int }', 'Query.f.a'],
    ['input A { b: Int @rateLimit } type Query { f(a: A): Int }', 'A.b'],
  ])('stands where it has no effect: %s', (sdl, coordinate) => {
    expect(problemsOf(sdl)).toEqual([
      `${coordinate}: @rateLimit has no effect here. It can stand on SCHEMA, OBJECT, FIELD_DEFINITION.`,
    ]);
  });

  it('names arguments on the schema, where there are none', () => {
    const use = 'extend schema @rateLimit(identityArgs: ["id"], multipliers: ["first"])';
    expect(problemsOf(`${use} ${field('')}`)).toEqual([
      'schema: @rateLimit(identityArgs: …): there is no argument "id"; there are none here.',
      'schema: @rateLimit(multipliers: …): there is no argument "first"; there are none here.',
    ]);
  });

  it.each([
    ['User.f', 'type Query { user: User } type User { f: Int @rateLimit(count: FAILURE) }'],
    ['Subscription.s', 'type Query { f: Int } type Subscription { s: Int @rateLimit(count: FAILURE) }'],
    ['schema', 'type Query { f: Int } extend schema @rateLimit(count: FAILURE)'],
  ])('counts outcomes where there is none to see: %s', (coordinate, sdl) => {
    expect(problemsOf(sdl)).toEqual([
      `${coordinate}: @rateLimit(count: FAILURE): there is no one outcome here to count by. ` +
        'Put it on a field of Query or Mutation.',
    ]);
  });

  it('stands beside @rateLimitExempt', () => {
    expect(problemsOf(field('@rateLimit @rateLimitExempt'))).toEqual([
      'Query.f: @rateLimitExempt and @rateLimit contradict each other. Remove one of them.',
    ]);
  });
});

describe('a server', () => {
  const config = loadConfig({ DATABASE_URL: 'sqlite::memory:', LOG_LEVEL: 'silent' });

  it.each([
    ['@rateLimit(limit: 0)', 'Query.f: @rateLimit(limit: 0): '],
    ['@rateLimit(limits: 3)', 'Query.f: @rateLimit has no argument "limits".'],
    ['@cacheControl(maxAge: -1)', 'Query.f: @cacheControl(maxAge: -1): '],
    ['@invalidates', 'Query.f: @invalidates names neither types nor fields.'],
  ])('does not start with %s', async (directive, problem) => {
    const start = createApp({ config, typeDefs: field(directive) });
    await expect(start).rejects.toBeInstanceOf(SchemaError);
    await expect(start).rejects.toThrow(`The schema cannot be served:\n  ${problem}`);
  });
});
