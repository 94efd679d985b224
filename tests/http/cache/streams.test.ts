import { describe, expect, it } from 'vitest';
import { stored } from '../../support/cache-status.ts';
import type { PlainReply } from '../../support/client.ts';
import { startOn } from '../../support/describe-engines.ts';
import {
  type CachedApp,
  look,
  startCached,
  statusOf,
  tell,
  valueIn,
} from '../../support/fixtures/kept-fields.ts';
import { as } from '../../support/self-declared.ts';

const streams = ['text/event-stream', 'multipart/mixed'];
const admin = as({ user: 'root', tiers: 'ADMIN' });

function upload({ url }: CachedApp, query: string): Promise<Response> {
  const form = new FormData();
  form.set('operations', JSON.stringify({ query, variables: { file: null } }));
  form.set('map', JSON.stringify({ 0: ['variables.file'] }));
  form.set('0', new Blob(['x']), 'a.txt');
  const headers = { 'graphql-preflight': '1' };
  return fetch(`${url}/graphql`, { method: 'POST', headers, body: form });
}

function expectUncached({ headers }: PlainReply): void {
  expect(headers['cache-control']).toBe('no-store');
  expect([headers.etag, headers.age, headers['cache-status']]).toEqual([undefined, undefined, undefined]);
}

describe('the cache and streams', () => {
  const start = startOn('yoga');

  it.each(streams)('a query as %s is given no kept answer, and leaves none', async (accept) => {
    const app = await startCached(start);
    for (const send of [look, tell]) {
      const reply = await send(app, '{ open }', { accept });
      expect(reply.text).toContain(JSON.stringify({ data: { open: app.text } }));
      expectUncached(reply);
    }
    expect(statusOf(await look(app, '{ open }'))).toBe(stored);
    app.text = 'new';
    for (const headers of [{}, { 'if-none-match': '*' }, { ...admin, 'cache-control': 'no-cache' }]) {
      const reply = await look(app, '{ open }', { ...headers, accept });
      expect([reply.status, reply.headers.etag]).toEqual([200, undefined]);
      expect(reply.text).toContain('{"data":{"open":"new"}}');
    }
    const kept = await look(app, '{ open }');
    expect([statusOf(kept), valueIn(kept, 'open')]).toEqual(['sluice; hit; ttl=60', 'Grüße, 世界 🌊']);
  });

  it.each(streams)(
    'a query as %s does not wait for one in the making, nor is it waited for',
    async (accept) => {
      const app = await startCached(start);
      const [begun, gate] = [Promise.withResolvers<undefined>(), Promise.withResolvers<string>()];
      app.work = () => {
        begun.resolve(undefined);
        return gate.promise;
      };
      const waiting = look(app, '{ open }');
      await begun.promise;
      app.work = () => 'streamed';
      expect((await look(app, '{ open }', { accept })).text).toContain('"streamed"');
      gate.resolve('plain');
      expect(valueIn(await waiting, 'open')).toBe('plain');
    },
  );

  it.each(streams)('a mutation as %s drops what it changes', async (accept) => {
    const app = await startCached(start);
    await look(app, '{ open }');
    await tell(app, 'mutation { write(text: "new") }', { accept });
    const reply = await look(app, '{ open }');
    expect([statusOf(reply), valueIn(reply, 'open')]).toEqual([stored, 'new']);
  });

  it('a subscription leaves nothing', async () => {
    const app = await startCached(start);
    for (const text of ['one', 'two']) {
      app.text = text;
      const reply = await tell(app, 'subscription { ticks }', { accept: 'text/event-stream' });
      expect(reply.text).toContain(`{"data":{"ticks":"${text}"}}`);
      expectUncached(reply);
    }
  });

  it('an upload drops what it changes, and is run each time', async () => {
    const app = await startCached(start);
    await look(app, '{ open }');
    app.text = 'new';
    for (let count = 0; count < 2; count += 1) {
      const response = await upload(app, 'mutation ($file: Upload!) { upload(file: $file) }');
      expect(await response.json()).toEqual({ data: { upload: 'x' } });
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.get('etag')).toBeNull();
    }
    const reply = await look(app, '{ open }');
    expect([statusOf(reply), valueIn(reply, 'open')]).toEqual([stored, 'new']);
  });

  it('a query in the form of an upload is given no kept answer, and leaves none', async () => {
    const app = await startCached(start);
    const query = 'query ($file: Upload) { open }';
    const plain = 'query { open }';
    await upload(app, plain);
    await look(app, plain);
    expect(app.runs).toBe(2);
    app.text = 'new';
    for (const each of [plain, query]) {
      const response = await upload(app, each);
      expect(response.headers.get('cache-control')).toBe('no-store');
    }
    expect(valueIn(await look(app, plain), 'open')).toBe('Grüße, 世界 🌊');
  });
});
