import { describe, expect, it } from 'vitest';
import { stored } from '../../support/cache-status.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import {
  type CachedApp,
  codesIn,
  leftIn,
  look,
  startCached,
  statusOf,
  tell,
  valueIn,
  write,
} from '../../support/fixtures/kept-fields.ts';
import { ada as adaLovelace, createUser } from '../../support/people.ts';
import { as } from '../../support/self-declared.ts';

const ada = as({ user: 'ada' });
const bob = as({ user: 'bob' });

/** The entity tag of the answer to a query. */
async function etagOf(app: Pick<CachedApp, 'url'>, query: string, headers = {}): Promise<string> {
  const { etag } = (await look(app, query, headers)).headers;
  expect(etag).toMatch(/^"[\w-]+"$/);
  return etag ?? '';
}

describeEngines((start) => {
  describe('If-None-Match', () => {
    it.each<[title: string, field: (etag: string) => string]>([
      ['the tag', (etag) => etag],
      ['the weak tag', (etag) => `W/${etag}`],
      ['a list', (etag) => `"x", W/"y,z" ,${etag}`],
      ['anything', () => '*'],
    ])('with %s of a kept answer has GET and HEAD answered with 304', async (_title, field) => {
      const app = await startCached(start);
      const etag = await etagOf(app, '{ limited }', ada);
      app.clock.advance(20);
      for (const [method, left] of [
        ['GET', '1'],
        ['HEAD', '0'],
      ] as const) {
        const headers = { ...ada, 'if-none-match': field(etag) };
        const reply = await look(app, '{ limited }', headers, method);
        expect([reply.status, reply.text, leftIn(reply)]).toEqual([304, '', left]);
        expect(reply.headers).toMatchObject({
          etag,
          age: '20',
          vary: '*',
          'cache-control': 'private, max-age=40',
          'cache-status': 'sluice; hit; ttl=40',
          'ratelimit-policy': '"Query.limited";q=3;w=600',
        });
        expect(Object.keys(reply.headers).filter((name) => name.startsWith('content-'))).toEqual([]);
      }
      expect(app.runs).toBe(1);
    });

    it('has an answer that was made anew, and is the same as before, left out too', async () => {
      const app = await startCached(start);
      const etag = await etagOf(app, '{ open }');
      app.clock.advance(60);
      const reply = await look(app, '{ open }', { 'if-none-match': etag });
      expect([reply.status, reply.text, statusOf(reply), app.runs]).toEqual([304, '', stored, 2]);
    });

    it('makes no difference to POST', async () => {
      const app = await startCached(start);
      const etag = await etagOf(app, '{ open }');
      for (const field of [etag, '*']) {
        const query = await tell(app, '{ open }', { 'if-none-match': field });
        expect([query.status, valueIn(query, 'open'), query.headers.etag]).toEqual([200, app.text, etag]);
        const mutation = await tell(app, `mutation { write(text: "by POST") }`, { 'if-none-match': field });
        expect([mutation.status, valueIn(mutation, 'write')]).toEqual([200, 'by POST']);
        app.text = 'Grüße, 世界 🌊';
      }
    });

    it('helps nobody who is not let in', async () => {
      const app = await startCached(start);
      const etag = await etagOf(app, '{ open }');
      for (const field of [etag, '*']) {
        const reply = await look(app, '{ open }', { 'x-api-key': 'no key', 'if-none-match': field });
        expect([reply.status, codesIn(reply)]).toEqual([401, ['UNAUTHENTICATED']]);
      }
    });

    it('costs what an answer costs, and is rejected as that is', async () => {
      const app = await startCached(start);
      const etag = await etagOf(app, '{ limited }', ada);
      for (const [status, left] of [
        [304, '1'],
        [304, '0'],
        [429, '0'],
      ]) {
        const reply = await look(app, '{ limited }', { ...ada, 'if-none-match': etag });
        expect([reply.status, leftIn(reply)]).toEqual([status, left]);
      }
      const rejected = await look(app, '{ limited }', { ...ada, 'if-none-match': '*' });
      expect([rejected.status, codesIn(rejected)]).toEqual([429, ['RATE_LIMITED']]);
    });

    it('with the tag of an answer from before a write brings the new one', async () => {
      const app = await startCached(start);
      const etag = await etagOf(app, '{ open }');
      await write(app, 'new');
      for (const status of [stored, 'sluice; hit; ttl=60']) {
        const reply = await look(app, '{ open }', { 'if-none-match': etag });
        expect([reply.status, statusOf(reply), valueIn(reply, 'open')]).toEqual([200, status, 'new']);
        expect(reply.headers.etag).not.toBe(etag);
      }
    });

    it('with that tag does so at once after a write to the database', async () => {
      const app = await start();
      const before = await etagOf(app, '{ users { name } }');
      await createUser(app.url, adaLovelace);
      const reply = await look(app, '{ users { name } }', { 'if-none-match': before });
      expect([reply.status, valueIn(reply, 'users')]).toEqual([200, [{ name: 'Ada' }]]);
      const after = reply.headers.etag ?? '';
      expect((await look(app, '{ users { name } }', { 'if-none-match': after })).status).toBe(304);
    });

    it('is of no use for a read that a write overtook', async () => {
      const app = await startCached(start);
      const etag = await etagOf(app, '{ open }');
      app.clock.advance(60);
      const [begun, gate] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
      app.work = async () => {
        const { text } = app;
        begun.resolve(undefined);
        await gate.promise;
        return text;
      };
      const overtaken = look(app, '{ open }', { 'if-none-match': etag });
      await begun.promise;
      await write(app, 'new');
      gate.resolve(undefined);
      const reply = await overtaken;
      expect([reply.status, statusOf(reply)]).toEqual([200, 'sluice; fwd=miss; detail="overtaken"']);
      expect(reply.headers['cache-control']).toBe('no-store');
      expect(valueIn(await look(app, '{ open }', { 'if-none-match': etag }), 'open')).toBe('new');
    });

    it('with the tag of another caller’s PRIVATE answer brings one’s own', async () => {
      const app = await startCached(start);
      const etag = await etagOf(app, '{ mine }', ada);
      for (let count = 0; count < 2; count += 1) {
        const reply = await look(app, '{ mine }', { ...bob, 'if-none-match': etag });
        expect([reply.status, valueIn(reply, 'mine')]).toEqual([200, `${app.text} of bob`]);
      }
      expect((await look(app, '{ mine }', { ...ada, 'if-none-match': etag })).status).toBe(304);
    });

    it.each([
      ['may not be kept', '{ uncached }'],
      ['holds PRIVATE data of nobody in particular', '{ mine }'],
      ['failed', '{ failing }'],
      ['failed in part', '{ open failing }'],
    ])('with anything brings an answer that %s', async (_title, query) => {
      const app = await startCached(start);
      for (let count = 0; count < 2; count += 1) {
        const reply = await look(app, query, { 'if-none-match': '*' });
        expect([reply.status, reply.headers.etag]).toEqual([200, undefined]);
        expect(reply.text).toContain('"data"');
      }
    });

    it('is not met by a tag that a resolver has set', async () => {
      const app = await startCached(start);
      app.work = ({ headers }) => {
        headers.set('ETag', '"own"');
        throw new Error('after that');
      };
      for (const field of ['"own"', '*']) {
        const reply = await look(app, '{ uncached }', { 'if-none-match': field });
        expect([reply.status, codesIn(reply)]).toEqual([200, ['INTERNAL_SERVER_ERROR']]);
      }
    });
  });
});
