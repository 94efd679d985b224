import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { send } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { describeWith } from '../../support/describe-with.ts';
import { startRedis, type TestServer } from '../../support/private-servers.ts';
import { extensionsOf, newFolder, notFound, registering } from './documents.ts';

const query = '{ one }';
const extensions = extensionsOf(query);
const patience = { timeout: 10_000, interval: 20 };

describeEngines((start) => {
  /** Has one process register a document, and asks another for it, and one that is started after it has gone. */
  async function expectShared(env: Record<string, string>): Promise<void> {
    const [one, other] = [await start({ ...registering, env }), await start({ ...registering, env })];
    expect((await send(one.url, { extensions })).body.errors).toEqual(notFound);
    await send(one.url, { query, extensions });
    await vi.waitFor(async () => {
      expect((await send(other.url, { extensions })).body).toEqual({ data: { one: 1 } });
    }, patience);
    await Promise.all([one.dispose(), other.dispose()]);
    const later = await start({ ...registering, env });
    expect((await send(later.url, { extensions })).body).toEqual({ data: { one: 1 } });
  }

  describe('registered documents', () => {
    it('are shared by the processes that share answers in a SQLite file', () =>
      expectShared({ RESPONSE_CACHE_STORE: `sqlite:${newFolder()}/answers.db` }));

    it('are in memory where answers are not kept', async () => {
      const { url } = await start({ ...registering, env: { RESPONSE_CACHE_STORE: 'none' } });
      await send(url, { query, extensions });
      expect((await send(url, { extensions })).body).toEqual({ data: { one: 1 } });
    });
  });

  describeWith('redis-server', 'registered documents', () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await startRedis();
    });
    afterAll(() => server.stop());
    const env = () => ({ RESPONSE_CACHE_STORE: `redis://127.0.0.1:${server.port}`, STORE_TIMEOUT: '1000' });

    it('are shared by the processes that share answers in Redis', () =>
      expectShared({ ...env(), STORE_PREFIX: 'shared' }));

    it('are found while Redis is down where they are known, and others are sent again', async () => {
      const { url } = await start({ ...registering, env: { ...env(), STORE_PREFIX: 'down' } });
      await send(url, { query, extensions });
      const other = '{ plus(n: 1) }';
      await server.kill();
      try {
        expect((await send(url, { extensions })).body).toEqual({ data: { one: 1 } });
        const unknown = { extensions: extensionsOf(other) };
        expect((await send(url, unknown)).body.errors).toEqual(notFound);
        expect((await send(url, { query: other, ...unknown })).body).toEqual({ data: { plus: 2 } });
        expect((await send(url, unknown)).body).toEqual({ data: { plus: 2 } });
      } finally {
        await server.restart();
      }
    });
  });
});
