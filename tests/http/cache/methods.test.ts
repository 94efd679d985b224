import { describe, expect, it } from 'vitest';
import { stored } from '../../support/cache-status.ts';
import { sendPlain } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { codesIn, leftIn, look, startCached, statusOf, valueIn } from '../../support/fixtures/kept-fields.ts';
import { as } from '../../support/self-declared.ts';

const ada = as({ user: 'ada' });

describeEngines((start) => {
  describe('HEAD', () => {
    it.each(['{ limited }', '{ uncached }', '{ failing }', '{ nothing }'])(
      'has the fields of GET for %s, and no body',
      async (query) => {
        const app = await startCached(start);
        await look(app, query);
        const got = await look(app, query, ada);
        const { status, headers, text } = await look(app, query, as({ user: 'bob' }), 'HEAD');
        expect([status, text]).toEqual([got.status, '']);
        expect(Number(headers['content-length'])).toBeGreaterThan(0);
        const told = ({ date, 'x-request-id': id, ...rest }: typeof headers) => {
          expect([typeof date, typeof id]).toEqual(['string', 'string']);
          return rest;
        };
        expect(told(headers)).toEqual(told(got.headers));
      },
    );

    it('has the answer kept for GET, and costs as much', async () => {
      const app = await startCached(start);
      const head = await look(app, '{ limited }', ada, 'HEAD');
      const get = await look(app, '{ limited }', ada);
      expect([head, get].map(statusOf)).toEqual([stored, 'sluice; hit; ttl=60']);
      expect([head, get].map(leftIn)).toEqual(['2', '1']);
      expect([get.text, app.runs]).toEqual([JSON.stringify({ data: { limited: app.text } }), 1]);
    });

    it('of the page for browsers has no body', async () => {
      const { url } = await start();
      const headers = { accept: 'text/html' };
      const page = await sendPlain(url, { method: 'GET', path: '/graphql', headers });
      const head = await sendPlain(url, { method: 'HEAD', path: '/graphql', headers });
      expect([page.status, page.text.length > 0]).toEqual([200, true]);
      expect([head.status, head.text]).toEqual([200, '']);
      expect(head.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(head.headers['cache-control']).toBe('no-cache');
    });
  });

  describe('a mutation by GET or HEAD', () => {
    it.each(['GET', 'HEAD'] as const)('is refused by %s, and not run', async (method) => {
      const app = await startCached(start);
      await look(app, '{ open }');
      const mutation = 'mutation { write(text: "not run") }';
      for (const headers of [{}, { 'if-none-match': '*' }, { accept: 'application/graphql-response+json' }]) {
        const reply = await look(app, mutation, headers, method);
        expect([reply.status, reply.headers.allow]).toEqual([405, 'POST']);
        expect(reply.headers['cache-control']).toBe('no-store');
        if (method === 'GET') expect(codesIn(reply)).toEqual(['METHOD_NOT_ALLOWED']);
      }
      expect(app.text).toBe('Grüße, 世界 🌊');
      const kept = await look(app, '{ open }');
      expect([statusOf(kept), valueIn(kept, 'open')]).toEqual(['sluice; hit; ttl=60', app.text]);
    });
  });
});
