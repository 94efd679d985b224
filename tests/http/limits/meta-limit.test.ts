import { beforeEach, describe, expect, it } from 'vitest';
import { aliased, ask, askAll, codes, send } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { from } from '../../support/people.ts';
import { as, selfDeclared } from '../../support/self-declared.ts';

const typeDefs = `
  type Query {
    one: Int @rateLimit(limit: 1, duration: 86400)
    many: Int @rateLimit(limit: 100, duration: 86400)
    free: Int
    kept: Int @cacheControl(maxAge: 600)
    trial: Int @rateLimit(limit: 1, mode: REPORT)
  }
  type Mutation { write: Int }`;

describeEngines((start) => {
  let ran: string[];
  beforeEach(() => {
    ran = [];
  });
  const run = (name: string) => (): number => ran.push(name);
  const Query = Object.fromEntries(['one', 'many', 'free', 'kept', 'trial'].map((name) => [name, run(name)]));

  const open = (env: Record<string, string> = { META_LIMIT: '2 per hour' }) =>
    start({ typeDefs, resolvers: { Query, Mutation: { write: run('write') } }, env, identify: selfDeclared });

  describe('META_LIMIT', () => {
    it('refuses a caller everything after so many denials, until its window ends', async () => {
      const { url, clock } = await open();
      await ask(url, '{ kept }');
      await ask(url, '{ one }');
      for (let count = 0; count < 2; count += 1) expect((await ask(url, '{ one }')).status).toBe(429);
      ran = [];
      clock.advance(600);
      for (const query of [
        '{ free }',
        '{ kept }',
        '{ many }',
        '{ __typename }',
        'mutation { write }',
        '{ one }',
      ]) {
        const { status, headers, body } = await ask(url, query);
        expect({ status, retryAfter: headers.get('retry-after') }).toEqual({
          status: 429,
          retryAfter: '3000',
        });
        expect(body).toEqual({
          errors: [
            {
              message: 'Too many requests. Please try again in 3000 seconds.',
              extensions: {
                code: 'RATE_LIMITED',
                policy: 'sluice.denials',
                limit: 2,
                window: 3600,
                cost: 1,
                remaining: 0,
                retryAfter: 3000,
                resetAt: new Date(clock.now() + 3_000_000).toISOString(),
              },
            },
          ],
        });
      }
      expect(ran).toEqual([]);
      clock.advance(2999);
      expect((await ask(url, '{ free }')).status).toBe(429);
      clock.advance(1);
      expect((await ask(url, '{ free }')).status).toBe(200);
      expect((await ask(url, `{ ${aliased(100, 'many')} }`)).body.errors).toBeUndefined();
    });

    it('counts each alias', async () => {
      const { url } = await open();
      const { status, body } = await ask(url, '{ a: one b: one c: one free }');
      expect({ status, codes: codes(body) }).toEqual({
        status: 200,
        codes: ['RATE_LIMITED', 'RATE_LIMITED'],
      });
      expect((await ask(url, '{ free }')).status).toBe(429);
    });

    it('counts each operation of a batch, and refuses those after', async () => {
      const { url } = await open();
      const answers = await askAll(url, ['{ one }', '{ one }', '{ one }', '{ free }', '{ free many }']);
      const policies = answers.map(({ errors }) => errors?.map(({ extensions }) => extensions?.['policy']));
      expect(answers.map((answer) => 'data' in answer)).toEqual([true, false, false, false, false]);
      expect(policies.slice(3)).toEqual([['sluice.denials'], ['sluice.denials']]);
      expect(ran).toEqual(['one']);
    });

    it('does not count what it refuses, so that waiting suffices for a caller who kept trying', async () => {
      const { url, clock } = await open();
      await ask(url, '{ a: one b: one c: one }');
      for (let minute = 0; minute < 6; minute += 1) {
        expect((await ask(url, '{ free one }')).status).toBe(429);
        clock.advance(600);
      }
      expect((await ask(url, '{ free }')).status).toBe(200);
    });

    it('leaves others alone', async () => {
      const { url } = await open();
      const [user, neighbour, key] = [as({ user: 'u' }), as({ user: 'v' }), as({ key: 'u' })];
      await ask(url, '{ a: one b: one c: one }', { headers: user });
      expect((await ask(url, '{ free }', { headers: user })).status).toBe(429);
      for (const headers of [neighbour, key, {}])
        expect((await ask(url, '{ free }', { headers })).status).toBe(200);
    });

    it('refuses one address and not the next', async () => {
      const { url } = await start({ env: { META_LIMIT: '2 per hour', TRUST_PROXY: '1' } });
      await ask(url, `{ ${aliased(7, 'products { id }')} }`, { headers: from('192.0.2.1') });
      expect((await ask(url, '{ health { status } }', { headers: from('192.0.2.1') })).status).toBe(429);
      expect((await ask(url, '{ health { status } }', { headers: from('192.0.2.2') })).status).toBe(200);
    });

    it('does not count what only reports', async () => {
      const { url } = await open({ META_LIMIT: '1 per hour' });
      await ask(url, '{ a: trial b: trial c: trial }');
      expect((await ask(url, '{ free }')).status).toBe(200);
    });

    it('is off by default', async () => {
      const { url } = await open({});
      await ask(url, `{ ${aliased(50, 'one')} }`);
      expect((await ask(url, '{ free }')).status).toBe(200);
    });

    it('tells those who take JSON only by REJECT_STATUS as well', async () => {
      const { url } = await open({ META_LIMIT: '1 per hour', REJECT_STATUS: '200' });
      await ask(url, '{ a: one b: one }');
      const { status, body } = await send(url, { query: '{ free }' }, { accept: 'application/json' });
      expect({ status, codes: codes(body) }).toEqual({ status: 200, codes: ['RATE_LIMITED'] });
    });

    it.each([
      ['2', '"2" is not a limit.'],
      ['on', '"on" is not a limit.'],
      ['-1 per hour', '"-1 per hour" is not a limit.'],
      ['2 per fortnight', '"2 per fortnight" has the unknown unit "fortnight".'],
      ['2 per hour; 9 per day', '"2 per hour; 9 per day" is several limits. Write one limit'],
      [
        '0 per hour',
        '"0 per hour" leaves nothing to anybody. Write one limit such as "20 per hour", or off.',
      ],
    ])('stops the start as %j', async (text, problem) => {
      await expect(open({ META_LIMIT: text })).rejects.toThrow(`META_LIMIT cannot be used. ${problem}`);
    });

    it('does not count what an object of another type was not asked for, nor tells of a wait for it', async () => {
      const { url } = await start({
        env: { META_LIMIT: '2 per hour' },
        typeDefs: `
          type Query { node: Node }
          interface Node { x: Int }
          type A implements Node { x: Int @rateLimit(limit: 1) }
          type B implements Node { x: Int @rateLimit(limit: 100) }
        `,
        resolvers: { Query: { node: () => ({ __typename: 'B', x: 1 }) } },
      });
      for (let count = 0; count < 6; count += 1) {
        const { headers, body } = await ask(url, '{ node { x } }');
        expect([body, headers.get('retry-after')]).toEqual([{ data: { node: { x: 1 } } }, null]);
      }
    });
  });
});
