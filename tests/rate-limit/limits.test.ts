import { describe, expect, it } from 'vitest';
import type { WindowLimit } from '../../src/rate-limit/policy.ts';
import { ask, codesOf, declare } from '../support/declared.ts';

const sdl = `
  type Query {
    f: Int @rateLimit(limit: 2)
    g: Int @rateLimit(name: "both", limit: 5)
    h: Int @rateLimit(name: "both", limit: 5)
    t: Int @rateLimit(
      limit: 5
      tiers: [{ tier: "ADMIN", limit: null }, { tier: "PAID", limit: 100 }, { tier: "BANNED", limit: 0 }]
    )
    log: Int @rateLimit(strategy: SLIDING_LOG)
    costly: Int @rateLimit(cost: 10)
  }
  extend schema @rateLimit(limit: 1000)
`;
const per = (limit: number, duration = 60): WindowLimit => ({ limit, duration });
const resolvers = { Query: { f: () => 1, t: () => 1 } };

function open() {
  const declared = declare(sdl, resolvers);
  const { limits } = declared.limiter;
  const shown = (coordinate: string) =>
    limits.of(coordinate).map(({ name, limit, duration }) => `${name}: ${String(limit)} per ${duration}`);
  const override = (entries: Record<string, readonly WindowLimit[] | null>) =>
    limits.override(new Map(Object.entries(entries)));
  return { ...declared, shown, override };
}

describe('a limit that configuration changes by its name', () => {
  it('has the new number and window', () => {
    const { override, shown } = open();
    expect(override({ 'Query.f': [per(7, 3600)] })).toEqual([]);
    expect(shown('Query.f')).toEqual(['Query.f: 7 per 3600']);
    expect(shown('Query.g')).toEqual(['both: 5 per 60']);
  });

  it('can become several, each with a bucket that nobody else has', () => {
    const { override, shown } = open();
    override({ 'Query.f': [per(10), per(200, 86_400), per(1000, 864_000)] });
    expect(shown('Query.f')).toEqual([
      'Query.f: 10 per 60',
      'Query.f+2: 200 per 86400',
      'Query.f+3: 1000 per 864000',
    ]);
  });

  it('is changed on all fields that share the name', () => {
    const { override, shown } = open();
    override({ both: [per(1)] });
    expect([shown('Query.g'), shown('Query.h')]).toEqual([['both: 1 per 60'], ['both: 1 per 60']]);
  });

  it('can be that of whole operations', () => {
    const { override, shown } = open();
    override({ schema: [per(50)] });
    expect(shown('schema')).toEqual(['schema: 50 per 60']);
  });

  it('counts from then on, in the bucket that it had if the window is the same', async () => {
    const declared = open();
    await ask(declared, '{ a: f b: f }');
    expect(codesOf(await ask(declared, '{ f }'))).toEqual(['RATE_LIMITED']);
    declared.override({ 'Query.f': [per(3)] });
    expect(codesOf(await ask(declared, '{ a: f b: f }'))).toEqual(['RATE_LIMITED']);
  });

  it('closes a field with 0, and opens it with null', async () => {
    const declared = open();
    declared.override({ 'Query.f': [per(0)] });
    expect(codesOf(await ask(declared, '{ f }'))).toEqual(['RATE_LIMIT_COST_EXCEEDED']);
    declared.override({ 'Query.f': null });
    expect(codesOf(await ask(declared, '{ a: f b: f c: f }'))).toEqual([]);
  });

  it('leaves tiers the limits and windows that the schema gives them', async () => {
    const declared = open();
    declared.override({ 'Query.t': [per(1, 3600), per(2, 86_400)] });
    const left = async (...tiers: string[]) =>
      (await declared.limiter.status({ ip: tiers.join(), tiers }))
        .filter(({ policy }) => policy.name.startsWith('Query.t'))
        .map(({ limit, window }) => `${limit} per ${window}`);
    expect(await left('ANONYMOUS')).toEqual(['1 per 3600', '2 per 86400']);
    expect(await left('PAID')).toEqual(['100 per 60']);
    expect(await left('ADMIN')).toEqual([]);
    expect(await left('BANNED')).toEqual(['0 per 60', '0 per 60']);
  });

  it('goes back to what the schema says when it is no longer named', () => {
    const { override, shown } = open();
    override({ 'Query.f': [per(7)] });
    override({ both: [per(1)] });
    expect(shown('Query.f')).toEqual(['Query.f: 2 per 60']);
  });
});

describe('a change that cannot work', () => {
  it.each([
    [
      { nope: [per(1)] },
      '"nope" is not the name of a limit. There are Query.costly, Query.f, Query.log, Query.t, both, schema.',
    ],
    [
      { 'Query.log': [per(10_001)] },
      '"Query.log": limit: 10001: SLIDING_LOG remembers every use, so that 10000 is the most.',
    ],
    [
      { 'Query.costly': [per(9)] },
      '"Query.costly": cost: 10: it is above the limit of 9, so that the field could never be asked for.',
    ],
  ])('is told of by its name, and changes nothing: %j', (entries, problem) => {
    const { override, shown } = open();
    expect(override({ 'Query.f': [per(7)], ...entries })).toEqual([problem]);
    expect(shown('Query.f')).toEqual(['Query.f: 2 per 60']);
  });

  it('is told of once for fields that share the name', () => {
    const { limits } = declare(
      `type Query { f: Int @rateLimit(name: "n", strategy: SLIDING_LOG) g: Int @rateLimit(name: "n", strategy: SLIDING_LOG) }`,
    ).limiter;
    expect(limits.override(new Map([['n', [per(20_000)]]]))).toHaveLength(1);
  });
});
