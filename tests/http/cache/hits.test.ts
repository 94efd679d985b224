import { describe, expect, it } from 'vitest';
import { stored } from '../../support/cache-status.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { look, startCached, statusOf, tell } from '../../support/fixtures/kept-fields.ts';
import { as } from '../../support/self-declared.ts';

const types = ['application/json', 'application/graphql-response+json'];
const ada = as({ user: 'ada', tiers: 'USER' });
const admin = as({ user: 'root', tiers: 'ADMIN' });

describeEngines((start) => {
  describe('a kept answer', () => {
    it('is byte for byte the one that was made, by either method and as either media type', async () => {
      const app = await startCached(start);
      const made = await tell(app, '{ open }');
      expect(made.text).toBe('{"data":{"open":"Grüße, 世界 🌊"}}');
      expect(statusOf(made)).toBe(stored);
      for (const accept of types) {
        for (const send of [tell, look]) {
          const kept = await send(app, '{ open }', { accept });
          expect(statusOf(kept)).toBe('sluice; hit; ttl=60');
          expect(kept.text).toBe(made.text);
          expect(kept.headers).toMatchObject({
            'content-type': `${accept}; charset=utf-8`,
            'content-length': String(Buffer.byteLength(made.text)),
            etag: made.headers.etag,
          });
        }
      }
      expect(app.runs).toBe(1);
    });

    it('brings nothing of the response to who asked first', async () => {
      const app = await startCached(start);
      app.work = ({ headers }) => {
        headers.set('Set-Cookie', 'session=first').set('X-Own', 'first');
        return 'shared';
      };
      const made = await look(app, '{ open }', ada);
      const kept = await look(app, '{ open }');
      expect(statusOf(kept)).toBe('sluice; hit; ttl=60');
      expect(kept.text).toBe(made.text);
      expect([made.headers['set-cookie'], made.headers['x-own']]).toEqual([['session=first'], 'first']);
      expect([kept.headers['set-cookie'], kept.headers['x-own']]).toEqual([undefined, undefined]);
      expect(kept.headers['x-request-id']).not.toBe(made.headers['x-request-id']);
    });

    it('is not for caches on the way where it comes with header fields of its own', async () => {
      const app = await startCached(start);
      app.work = ({ headers }) => {
        headers.set('Set-Cookie', 'session=first');
        return 'shared';
      };
      const { headers } = await look(app, '{ open }', { 'if-none-match': '*' });
      expect(headers).toMatchObject({ 'cache-control': 'no-store', 'cache-status': stored });
      expect(headers.etag).toBeUndefined();
    });

    it('has the extension of its own caller, and is not for caches on the way then', async () => {
      const app = await startCached(start, { env: { RATE_LIMIT_EXTENSION: 'on' } });
      for (const [count, who] of [ada, as({ user: 'bob' }), ada].entries()) {
        const reply = await look(app, '{ limited }', { ...who, 'if-none-match': '*' });
        expect(reply.status).toBe(200);
        expect(statusOf(reply)).toBe(count === 0 ? stored : 'sluice; hit; ttl=60');
        expect(reply.headers['cache-control']).toBe('no-store');
        expect(reply.headers.etag).toBeUndefined();
        expect(JSON.parse(reply.text)).toMatchObject({
          data: { limited: app.text },
          extensions: { rateLimit: [{ policy: 'Query.limited', remaining: count === 2 ? 1 : 2 }] },
        });
      }
      const unlimited = await look(app, '{ limited }', admin);
      expect(unlimited.text).toBe(JSON.stringify({ data: { limited: app.text } }));
      expect(unlimited.headers.etag).toBeDefined();
    });
  });
});
