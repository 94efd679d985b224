import { describe, expect, it } from 'vitest';
import type { RequestContext } from '../../../src/app/application.ts';
import { cacheStatus, stored } from '../../support/cache-status.ts';
import { ask, codes } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { ada, createUser, grace, signUp } from '../../support/people.ts';

const users = '{ users { id name } }';

describeEngines((start) => {
  describe('the cache', () => {
    it('answers users from memory for 60 seconds', async () => {
      const { url, clock } = await start();
      const fresh = await ask(url, users);
      expect(cacheStatus(fresh)).toBe(stored);
      expect(cacheStatus(await ask(url, users))).toBe('sluice; hit; ttl=60');
      clock.advance(59);
      const kept = await ask(url, users);
      expect(cacheStatus(kept)).toBe('sluice; hit; ttl=1');
      expect(kept.body).toEqual(fresh.body);
      clock.advance(1);
      expect(cacheStatus(await ask(url, users))).toBe(stored);
    });

    it('takes texts that differ in white space and comments for the same operation', async () => {
      const { url } = await start();
      await ask(url, users);
      expect(cacheStatus(await ask(url, '{\n  users { # all of them\n id, name } }'))).toBe(
        'sluice; hit; ttl=60',
      );
    });

    it('keeps an answer for each alias, argument and variable', async () => {
      const { url } = await start();
      const page = 'query ($first: Int!) { users(first: $first) { id } }';
      const operations = [
        { query: users },
        { query: '{ people: users { id name } }' },
        { query: '{ users(first: 1) { id name } }' },
        { query: page, variables: { first: 1 } },
        { query: page, variables: { first: 2 } },
      ];
      for (const { query, variables = {} } of operations) {
        expect(cacheStatus(await ask(url, query, { variables }))).toBe(stored);
      }
      for (const { query, variables = {} } of operations) {
        expect(cacheStatus(await ask(url, query, { variables }))).toBe('sluice; hit; ttl=60');
      }
      const { body } = await ask(url, '{ people: users { id name } }');
      expect(body).toEqual({ data: { people: [] } });
    });

    it('does not tell variables apart that the operation does not declare', async () => {
      const { url } = await start();
      await ask(url, users, { variables: { nonce: 1 } });
      expect(cacheStatus(await ask(url, users, { variables: { nonce: 2 } }))).toBe('sluice; hit; ttl=60');
    });

    it('gives a client that wrote what it wrote', async () => {
      const { url } = await start();
      expect((await ask(url, users)).body).toEqual({ data: { users: [] } });
      await createUser(url, ada);
      const { headers, body } = await ask(url, users);
      expect(headers.get('cache-status')).toBe(stored);
      expect(body).toEqual({ data: { users: [{ id: '1', name: 'Ada' }] } });
    });

    it('does not keep the answer of an operation that failed', async () => {
      const { url } = await start();
      for (let count = 0; count < 2; count += 1) {
        const reply = await ask(url, '{ users(first: 0) { id } }');
        expect(codes(reply.body)).toEqual(['BAD_USER_INPUT']);
        expect(cacheStatus(reply)).toBe('sluice; fwd=miss');
      }
    });

    it('does not keep an answer of which a part failed', async () => {
      let attempts = 0;
      const { url } = await start({
        typeDefs: 'type Query { good: Int @cacheControl(maxAge: 60) bad: Int @cacheControl(maxAge: 60) }',
        resolvers: {
          Query: {
            good: () => 1,
            bad: () => {
              attempts += 1;
              if (attempts === 1) throw new Error('the first time');
              return 2;
            },
          },
        },
      });
      expect((await ask(url, '{ good bad }')).body.data).toEqual({ good: 1, bad: null });
      expect((await ask(url, '{ good bad }')).body).toEqual({ data: { good: 1, bad: 2 } });
    });

    it.each([
      ['not declared to be kept', '{ users { id } health { status } }'],
      ['named with two underscores', '{ __users: users { id } }'],
      ['introspection', '{ __schema { queryType { name } } users { id } }'],
    ])('does not keep what is %s', async (_title, query) => {
      const { url } = await start();
      await ask(url, query);
      expect([null, 'sluice; fwd=miss']).toContain(cacheStatus(await ask(url, query)));
    });

    it('never gives the answer to me to somebody else', async () => {
      const { url } = await start();
      const me = '{ me { name } }';
      const [asAda, asGrace] = [await signUp(url, ada), await signUp(url, grace)];
      expect((await ask(url, me, { headers: asAda })).body.data).toEqual({ me: { name: 'Ada' } });
      expect((await ask(url, me, { headers: asGrace })).body.data).toEqual({ me: { name: 'Grace' } });
      expect((await ask(url, me)).body.data).toEqual({ me: null });
      expect((await ask(url, me, { headers: asAda })).body.data).toEqual({ me: { name: 'Ada' } });
    });

    it('keeps PRIVATE answers apart for each caller, under any alias, and none for callers who are nobody', async () => {
      const { url, by } = await start({
        keys: { one: [], two: [] },
        typeDefs: 'type Query { mine: String @cacheControl(maxAge: 60, scope: PRIVATE) }',
        resolvers: {
          Query: {
            mine: (_: unknown, _args: unknown, { caller }: RequestContext) => caller.apiKeyId ?? 'nobody',
          },
        },
      });
      for (const query of ['{ mine }', '{ ours: mine }']) {
        const first = await ask(url, query, { headers: by.one });
        const second = await ask(url, query, { headers: by.two });
        expect([first, second].map(cacheStatus)).toEqual([stored, stored]);
        expect(second.body).not.toEqual(first.body);
        const again = await ask(url, query, { headers: by.one });
        expect([cacheStatus(again), again.body]).toEqual(['sluice; hit; ttl=60', first.body]);
        expect(cacheStatus(await ask(url, query))).toBeNull();
        expect((await ask(url, query)).body.data).toEqual({
          [query === '{ mine }' ? 'mine' : 'ours']: 'nobody',
        });
      }
    });
  });
});
