import { describe, expect, it } from 'vitest';
import { declare } from '../support/declared.ts';

const field = (directives: string): string => `type Query { f: Int ${directives} }`;

describe('the policies of a schema', () => {
  const limits = (sdl: string) =>
    Object.fromEntries(
      [...declare(sdl).limits].map(([coordinate, policies]) => [
        coordinate,
        policies.map(({ name, limit, duration }) => `${name} ${String(limit)}/${duration}`),
      ]),
    );

  it('have the defaults that the directive declares', () => {
    expect(declare(field('@rateLimit')).limits.get('Query.f')).toEqual([
      {
        name: 'Query.f',
        limit: 60,
        duration: 60,
        by: ['USER', 'API_KEY', 'IP'],
        identityArgs: [],
        unit: 'SELECTION',
        cost: 1,
        multipliers: [],
        strategy: 'FIXED_WINDOW',
        tiers: [],
        count: 'ATTEMPT',
        onCacheHit: 'CHARGE',
        mode: 'ENFORCE',
      },
    ]);
  });

  it('take null for "not given"', () => {
    expect(
      limits(field('@rateLimit(name: null, by: null, identityArgs: null, multipliers: null, tiers: null)')),
    ).toEqual({ 'Query.f': ['Query.f 60/60'] });
  });

  it('come from the object for fields without their own, each with its own bucket', () => {
    expect(
      limits(`type Query @rateLimit(limit: 9) @rateLimit(limit: 99, duration: 3600) {
        f: Int
        g: Int @rateLimit(limit: 3)
        h: Int @rateLimitExempt
      }`),
    ).toEqual({
      'Query.f': ['Query.f 9/60', 'Query.f#2 99/3600'],
      'Query.g': ['Query.g 3/60'],
    });
  });

  it('come from the extension of an object as well, for all of its fields', () => {
    expect(limits('type Query { f: Int } extend type Query @rateLimit(limit: 9) { g: Int }')).toEqual({
      'Query.f': ['Query.f 9/60'],
      'Query.g': ['Query.g 9/60'],
    });
  });

  it('share one bucket for all fields where the object gives it a name', () => {
    expect(limits('type Query @rateLimit(name: "all", limit: 9) { f: Int g: Int }')).toEqual({
      'Query.f': ['all 9/60'],
      'Query.g': ['all 9/60'],
    });
  });

  it('are several where the directive is repeated, also in the same words', () => {
    expect(
      limits(field('@rateLimit(limit: 3) @rateLimit(limit: 3) @rateLimit(limit: 5, name: "n")')),
    ).toEqual({
      'Query.f': ['Query.f 3/60', 'Query.f#2 3/60', 'n 5/60'],
    });
  });

  it('are on any object type, and never on introspection', () => {
    expect(limits('type Query { u: U } type U @rateLimit(limit: 9) { f: Int }')).toEqual({
      'U.f': ['U.f 9/60'],
    });
  });

  it('keep tiers in order, and take a limit that is not given for unlimited', () => {
    const { limits: table } = declare(
      field('@rateLimit(tiers: [{ tier: "A", limit: null }, { tier: "B" }, { tier: "C", limit: 0 }])'),
    );
    expect(table.get('Query.f')?.[0]?.tiers).toEqual([
      { tier: 'A', limit: null, duration: 60 },
      { tier: 'B', limit: null, duration: 60 },
      { tier: 'C', limit: 0, duration: 60 },
    ]);
  });

  it('go by our definition of the directive, whatever the schema brings along', () => {
    const { schema, limits: table } = declare(`
      directive @rateLimit(limit: Int = 1, max: Int, by: [RateLimitKey]) on FIELD_DEFINITION
      enum RateLimitKey { TENANT }
      type Query { f: Int @rateLimit(duration: 5) }
    `);
    expect(table.get('Query.f')?.[0]).toMatchObject({ limit: 60, duration: 5 });
    expect(schema.getDirective('rateLimit')?.args.map(({ name }) => name)).not.toContain('max');
    expect(schema.getType('RateLimitKey')?.toConfig()).not.toHaveProperty('values.TENANT');
  });

  it('can be declared in several pieces', () => {
    const { limits: table } = declare(['type Query { f: Int }', 'extend type Query { g: Int @rateLimit }']);
    expect([...table.keys()]).toEqual(['Query.g']);
  });

  it('of whole operations stand on the schema', () => {
    const sdl = 'schema @rateLimit(limit: 9) { query: Query } type Query { f: Int } extend schema @rateLimit';
    expect(limits(sdl)).toEqual({ schema: ['schema 9/60', 'schema#2 60/60'] });
  });

  it('are none where nothing declares any', () => {
    expect(limits(field(''))).toEqual({});
  });
});
