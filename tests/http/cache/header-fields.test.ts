import { describe, expect, it } from 'vitest';
import type { RequestContext } from '../../../src/app/application.ts';
import { stored } from '../../support/cache-status.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { look, startCached, tell } from '../../support/fixtures/kept-fields.ts';
import { as, selfDeclared } from '../../support/self-declared.ts';

const ada = as({ user: 'ada', tiers: 'USER' });
const admin = as({ user: 'root', tiers: 'ADMIN' });

describeEngines((start) => {
  describe('Cache-Control', () => {
    it('has the whole time for an answer that was just made, though time has passed since', async () => {
      let now = Date.UTC(2026, 0, 1);
      const app = await startCached(start, { clock: { now: () => (now += 1) } });
      expect((await look(app, '{ open }')).headers['cache-control']).toBe('public, max-age=60');
      expect((await look(app, '{ open }')).headers['cache-control']).toBe('public, max-age=59');
      const fresh = await look(app, '{ open }', { ...admin, 'cache-control': 'no-cache' });
      expect(fresh.headers['cache-control']).toBe('public, max-age=60');
    });

    it('has less time as the answer grows older', async () => {
      const app = await startCached(start);
      const fields = async () => {
        const { headers } = await look(app, '{ open }');
        return [headers['cache-control'], headers.age, headers['cache-status']];
      };
      expect(await fields()).toEqual(['public, max-age=60', undefined, stored]);
      expect(await fields()).toEqual(['public, max-age=60', '0', 'sluice; hit; ttl=60']);
      app.clock.advance(18);
      expect(await fields()).toEqual(['public, max-age=42', '18', 'sluice; hit; ttl=42']);
      app.clock.advance(41.5);
      expect(await fields()).toEqual(['public, max-age=0', '59', 'sluice; hit; ttl=1']);
      app.clock.advance(0.5);
      expect(await fields()).toEqual(['public, max-age=60', undefined, stored]);
    });

    it.each([
      ['public for what everybody may have', '{ open }', ada, 'public', 'Accept'],
      ['private for what is PRIVATE', '{ mine }', ada, 'private', '*'],
      ['private for all of it where a part is', '{ open mine }', ada, 'private', '*'],
      ['private for what is limited', '{ limited }', ada, 'private', '*'],
      ['private for what is limited for others', '{ limited }', admin, 'private', '*'],
    ])('is %s', async (_title, query, who, scope, vary) => {
      const app = await startCached(start);
      for (const status of [stored, 'sluice; hit; ttl=60']) {
        const { headers } = await look(app, query, who);
        expect(headers).toMatchObject({ 'cache-status': status, vary });
        expect(headers['cache-control']).toBe(`${scope}, max-age=60`);
      }
    });

    it.each([
      ['who is limited', {}, '"schema";r=4'],
      ['who is not', admin, undefined],
    ])('is private where the schema limits whole operations, for one %s', async (_title, who, left) => {
      const app = await start({
        typeDefs: `type Query { open: Int @cacheControl(maxAge: 60) }
          schema @rateLimit(limit: 5, tiers: [{ tier: "ADMIN", limit: null }]) { query: Query }`,
        resolvers: { Query: { open: () => 1 } },
        identify: selfDeclared,
      });
      const { headers } = await look(app, '{ open }', who);
      expect((headers['ratelimit'] as string | undefined)?.split(';t=')[0]).toBe(left);
      expect(headers['cache-control']).toBe('private, max-age=60');
    });

    it.each([
      ['a mutation', 'mutation { write(text: "new") }', 200],
      ['an error', '{ failing }', 200],
      ['an answer of which a part failed', '{ open failing }', 200],
      ['what nobody says may be kept', '{ open uncached }', 200],
      ['introspection', '{ __schema { queryType { name } } }', 200],
      ['PRIVATE data of nobody in particular', '{ mine }', 200],
      ['what does not parse', '{', 400],
      ['what is not valid', '{ nothing }', 400],
      ['an operation that is not there', 'query A { open } query B { open }', 400],
    ])('forbids to keep %s', async (_title, query, status) => {
      const app = await startCached(start);
      for (let count = 0; count < 2; count += 1) {
        const reply = await tell(app, query, { accept: 'application/graphql-response+json' });
        expect(reply.status).toBe(status);
        expect(reply.headers['cache-control']).toBe('no-store');
        expect([reply.headers.etag, reply.headers.age]).toEqual([undefined, undefined]);
      }
    });

    it('forbids to keep a rejection, and who is not let in', async () => {
      const app = await startCached(start);
      for (let count = 0; count < 3; count += 1) await look(app, '{ limited }', ada);
      const rejected = await look(app, '{ limited }', ada);
      const unknown = await look(app, '{ limited }', { 'x-api-key': 'no key' });
      expect([rejected.status, unknown.status]).toEqual([429, 401]);
      for (const { headers } of [rejected, unknown]) {
        expect(headers['cache-control']).toBe('no-store');
        expect([headers.etag, headers['cache-status']]).toEqual([undefined, undefined]);
      }
    });

    it.each<[title: string, restrict: (context: RequestContext) => void, expected: string, status: string]>([
      [
        'less',
        ({ cache }) => {
          cache.restrict({ maxAge: 5 });
        },
        'public, max-age=5',
        stored,
      ],
      [
        'nothing',
        ({ cache }) => {
          cache.restrict({ maxAge: 0 });
        },
        'no-store',
        'sluice; fwd=miss; detail="not-wanted"',
      ],
      [
        'nothing for others',
        ({ cache }) => {
          cache.restrict({ scope: 'PRIVATE' });
        },
        'no-store',
        'sluice; fwd=miss; detail="not-wanted"',
      ],
    ])('allows %s where a resolver says so', async (_title, restrict, expected, status) => {
      const app = await startCached(start);
      app.work = (context) => {
        restrict(context);
        return 'x';
      };
      const { headers } = await look(app, '{ open }');
      expect(headers).toMatchObject({ 'cache-control': expected, 'cache-status': status });
      expect(headers.etag === undefined).toBe(expected === 'no-store');
    });
  });

  describe('Vary', () => {
    it('names what the answer depends on besides the origin', async () => {
      const app = await start({
        typeDefs:
          'type Query { shared: Int @cacheControl(maxAge: 60) limited: Int @cacheControl(maxAge: 60) @rateLimit }',
        resolvers: { Query: { shared: () => 1, limited: () => 1 } },
        env: { CORS_ORIGINS: 'https://a.example,https://b.example' },
      });
      const origin = { origin: 'https://b.example' };
      const [shared, limited] = ['{ shared }', '{ limited }'];
      for (let count = 0; count < 2; count += 1) {
        expect((await look(app, shared, origin)).headers.vary).toBe('Origin, Accept');
        expect((await look(app, limited, origin)).headers.vary).toBe(
          'Origin, Accept, Authorization, X-API-Key',
        );
      }
      const { status, headers } = await look(app, shared, { ...origin, 'if-none-match': '*' });
      expect([status, headers.vary]).toEqual([304, 'Origin, Accept']);
      expect(headers['access-control-allow-origin']).toBe('https://b.example');
    });

    it('is anything where the application says who asks', async () => {
      const app = await startCached(start);
      expect((await look(app, '{ open }')).headers.vary).toBe('Accept');
      expect((await look(app, '{ limited }')).headers.vary).toBe('*');
    });
  });
});
