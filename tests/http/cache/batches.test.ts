import { describe, expect, it } from 'vitest';
import { stored } from '../../support/cache-status.ts';
import { type Body, type PlainReply, sendPlain } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { look, startCached, statusOf, valueIn } from '../../support/fixtures/kept-fields.ts';
import { post } from '../../support/requests.ts';
import { as } from '../../support/self-declared.ts';

function tellAll(url: string, queries: readonly string[], headers = {}): Promise<PlainReply> {
  return sendPlain(
    url,
    post(
      queries.map((query) => ({ query })),
      headers,
    ),
  );
}

describeEngines((start) => {
  describe('the operations of a batch', () => {
    it('have the cache each for itself: what is kept, what is not, and what fails', async () => {
      const app = await startCached(start);
      const kept = await look(app, '{ open }');
      app.text = 'new';
      const reply = await tellAll(app.url, ['{ open }', '{ other }', '{ failing }', '{', '{ uncached }']);
      const bodies = JSON.parse(reply.text) as Body[];
      expect(reply.text).toContain(`[${kept.text},{"data":{"other":"new"}},`);
      expect(bodies.map(({ data }) => data)).toEqual([
        { open: 'Grüße, 世界 🌊' },
        { other: 'new' },
        { failing: null },
        undefined,
        { uncached: 'new' },
      ]);
      expect(reply.headers['cache-control']).toBe('no-store');
      expect([reply.headers.etag, reply.headers.age, statusOf(reply)]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
      const other = await look(app, '{ other }');
      expect([statusOf(other), valueIn(other, 'other'), app.runs]).toEqual(['sluice; hit; ttl=60', 'new', 3]);
      expect(statusOf(await look(app, '{ failing }'))).toBe('sluice; fwd=miss');
    });

    it('are executed once where they are identical, and each is paid for', async () => {
      const app = await startCached(start);
      const gate = Promise.withResolvers<string>();
      app.work = () => gate.promise;
      const replies = tellAll(app.url, ['{ limited }', '{ limited } # again', '{ limited }', '{ limited }']);
      gate.resolve('made');
      const bodies = JSON.parse((await replies).text) as Body[];
      expect(bodies.map(({ data }) => data)).toEqual([
        { limited: 'made' },
        { limited: 'made' },
        { limited: 'made' },
        undefined,
      ]);
      expect(app.runs).toBe(1);
    });

    it('are not for caches on the way, though there is only one', async () => {
      const app = await startCached(start);
      await look(app, '{ open }');
      const reply = await tellAll(app.url, ['{ open }'], { 'if-none-match': '*' });
      expect([reply.status, reply.text]).toEqual([200, JSON.stringify([{ data: { open: app.text } }])]);
      expect([reply.headers['cache-control'], reply.headers.etag]).toEqual(['no-store', undefined]);
    });

    it('are made anew, each of them, for who may ask for that', async () => {
      const app = await startCached(start);
      await tellAll(app.url, ['{ open }', '{ other }']);
      app.text = 'new';
      const headers = { ...as({ user: 'root', tiers: 'ADMIN' }), 'cache-control': 'no-cache' };
      const reply = await tellAll(app.url, ['{ open }', '{ other }'], headers);
      expect(reply.text).toBe('[{"data":{"open":"new"}},{"data":{"other":"new"}}]');
      expect((await tellAll(app.url, ['{ open }', '{ other }'])).text).toBe(reply.text);
      expect(app.runs).toBe(4);
    });

    it('have what a batch before them wrote', async () => {
      const app = await startCached(start);
      await tellAll(app.url, ['{ open }', '{ other }']);
      await tellAll(app.url, ['{ other }', 'mutation { write(text: "new") }']);
      const open = await look(app, '{ open }');
      expect([statusOf(open), valueIn(open, 'open')]).toEqual([stored, 'new']);
      expect(statusOf(await look(app, '{ other }'))).toBe('sluice; hit; ttl=60');
    });
  });
});
