import { describe, expect, it } from 'vitest';
import type { Start } from '../../support/app.ts';
import { ask, codes } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { answered, as, selfDeclared } from '../../support/self-declared.ts';

/** Starts an app with one field of these arguments and limits, whose callers say themselves who they are. */
async function startWith(start: Start, limits: string, args = ''): Promise<string> {
  const typeDefs = `type Query { f${args}: Int ${limits} } input Key { email: String, deep: Key }`;
  return (await start({ typeDefs, resolvers: { Query: { f: () => 1 } }, identify: selfDeclared })).url;
}

describeEngines((start) => {
  describe('tiers', () => {
    const tiers = `tiers: [{ tier: "PAID", limit: 7 }, { tier: "ADMIN", limit: null }, { tier: "BANNED", limit: 0 }]`;

    it.each([
      ['ANONYMOUS', 3],
      ['PAID', 7],
      ['ADMIN', 12],
      ['BANNED', 0],
      ['OTHER,BANNED', 0],
      ['BANNED,ADMIN,PAID', 7],
      ['BANNED,ADMIN', 12],
      ['paid', 3],
    ])(
      'give a caller of %s the limit of the first that the schema names: %i of 12',
      async (carried, count) => {
        const url = await startWith(start, `@rateLimit(limit: 3, ${tiers})`);
        expect(await answered(url, 'f', as({ tiers: carried }))).toBe(count);
      },
    );

    it('with the limit 0 are told that no wait will help', async () => {
      const url = await startWith(start, `@rateLimit(limit: 3, ${tiers})`);
      const { status, headers, body } = await ask(url, '{ f }', { headers: as({ tiers: 'BANNED' }) });
      expect({ status, codes: codes(body) }).toEqual({ status: 429, codes: ['RATE_LIMIT_COST_EXCEEDED'] });
      expect(headers.has('retry-after')).toBe(false);
      expect(body.errors?.[0]?.extensions).not.toHaveProperty('retryAfter');
    });
  });

  describe('by', () => {
    const user = { ip: '192.0.2.1', user: 'u', key: 'k' };
    it.each([
      ['the default', '', user, { ...user, ip: '192.0.2.2', key: 'l' }, { ...user, user: 'v' }],
      ['[API_KEY, USER]', 'API_KEY, USER', user, { ...user, user: 'v' }, { ...user, key: 'l' }],
      ['[USER] without one', 'USER', { ip: 'a', key: 'k' }, { ip: 'a', key: 'l' }, { ip: 'b', key: 'k' }],
      ['[API_KEY] without one', 'API_KEY', { ip: 'a', user: 'u' }, { ip: 'a' }, { ip: 'b', user: 'u' }],
      [
        '[API_KEY, USER] for a user',
        'API_KEY, USER',
        { ip: 'a', user: 'u' },
        { ip: 'b', user: 'u' },
        { ip: 'a' },
      ],
      ['[IP]', 'IP', user, { ip: user.ip, user: 'v', key: 'l' }, { ...user, ip: '192.0.2.2' }],
      ['[IP, USER]', 'IP, USER', user, { ip: user.ip }, { ...user, ip: '192.0.2.2' }],
      [
        'the default, and keeps a user from a key of the same number',
        '',
        { user: '7' },
        { user: '7', key: 'k' },
        { key: '7' },
      ],
    ])('counts by %s', async (_title, by, caller, same, other) => {
      const url = await startWith(start, `@rateLimit(limit: 3 ${by === '' ? '' : `by: [${by}]`})`);
      expect(await answered(url, 'f', as(caller), 3)).toBe(3);
      expect(await answered(url, 'f', as(same), 1)).toBe(0);
      expect(await answered(url, 'f', as(other), 4)).toBe(3);
    });

    it.each(['[GLOBAL]', '[GLOBAL, USER]'])('counts everybody together by %s', async (by) => {
      const url = await startWith(start, `@rateLimit(limit: 3, by: ${by})`);
      expect(await answered(url, 'f', as({ user: 'u' }), 2)).toBe(2);
      expect(await answered(url, 'f', as({ ip: 'b' }), 2)).toBe(1);
    });

    it('counts those who have nothing better together by [USER, GLOBAL]', async () => {
      const url = await startWith(start, '@rateLimit(limit: 3, by: [USER, GLOBAL])');
      expect(await answered(url, 'f', as({ ip: 'a' }), 2)).toBe(2);
      expect(await answered(url, 'f', as({ ip: 'b' }), 2)).toBe(1);
      expect(await answered(url, 'f', as({ ip: 'a', user: 'u' }), 2)).toBe(2);
    });
  });

  describe('identityArgs', () => {
    const limits = '@rateLimit(limit: 3, by: [GLOBAL], identityArgs: ["key.email"])';
    const args = '(key: Key = { email: "nobody@example.com" })';
    const f = (email: string) => `f(key: { email: ${email} })`;

    it('count two values apart, and spellings of one together', async () => {
      const url = await startWith(start, limits, args);
      const spellings = ['"ada@example.com"', '" ADA@Example.com\\t"', '"""\n  ada@EXAMPLE.com\n"""'];
      for (const spelling of spellings) expect(await answered(url, f(spelling), {}, 1)).toBe(1);
      expect(await answered(url, f('"\\u0061da@example.com"'), {}, 1)).toBe(0);
      expect(await answered(url, f('"grace@example.com"'), {}, 4)).toBe(3);
    });

    it('count a default like the value itself, and null like nothing at all', async () => {
      const url = await startWith(start, limits, args);
      expect(await answered(url, 'f', {}, 2)).toBe(2);
      expect(await answered(url, f('"NOBODY@example.com"'), {}, 2)).toBe(1);
      expect(await answered(url, 'f(key: null)', {}, 1)).toBe(1);
      expect(await answered(url, 'f(key: {})', {}, 1)).toBe(1);
      expect(await answered(url, f('null'), {}, 2)).toBe(1);
    });

    it('go by the values of variables, given, defaulted or absent', async () => {
      const url = await startWith(start, limits, args);
      const whole = 'query ($key: Key) { f(key: $key) }';
      const part = 'query ($email: String = "ada@example.com") { f(key: { email: $email }) }';
      const ada = { email: 'ada@example.com' };
      for (const [query, variables] of [
        [whole, { key: ada }],
        [part, {}],
        [part, ada],
      ] as const)
        expect((await ask(url, query, { variables })).body.errors).toBeUndefined();
      expect((await ask(url, part)).status).toBe(429);
      expect((await ask(url, part, { variables: { email: 'grace@example.com' } })).status).toBe(200);
      expect((await ask(url, whole)).status).toBe(200);
      expect(await answered(url, 'f', {}, 3)).toBe(2);
    });

    it('follow a path of any length', async () => {
      const deep = '@rateLimit(limit: 3, identityArgs: ["key.deep.email"])';
      const url = await startWith(start, deep, args);
      const g = (email: string) => `f(key: { email: "x", deep: { email: "${email}" } })`;
      expect(await answered(url, g('ada'), {}, 4)).toBe(3);
      expect(await answered(url, g('grace'), {}, 4)).toBe(3);
    });
  });
});
