import { describe, expect, it, onTestFinished } from 'vitest';
import { ask, codes, sendPlain } from '../support/client.ts';
import { describeEngines } from '../support/describe-engines.ts';
import { startPglite } from '../support/postgres.ts';
import { openWay } from '../support/way.ts';

describeEngines((start) => {
  describe('the probes', () => {
    it.each([
      ['/health', 'ok'],
      ['/ready', 'ready'],
    ])('%s answers 200', async (path, expected) => {
      const { url } = await start();
      const { status, headers, text } = await sendPlain(url, { method: 'GET', path });
      expect({ status, text }).toEqual({ status: 200, text: `{"status":"${expected}"}` });
      expect(headers['cache-control']).toBe('no-store');
    });

    it('tell a database that is gone from a process that is', async () => {
      const postgres = await startPglite();
      onTestFinished(() => postgres.stop());
      const database = new URL(postgres.url);
      const way = await openWay(Number(database.port));
      database.host = `127.0.0.1:${way.port}`;
      database.searchParams.set('query_timeout', '500');
      const env = { DATABASE_URL: database.href, JWT_SECRET: 'x'.repeat(32) };
      const { url } = await start({ env });
      const probe = async (path: string) => (await sendPlain(url, { method: 'GET', path })).status;
      expect([await probe('/health'), await probe('/ready')]).toEqual([200, 200]);

      await way.cut();
      const { status, text } = await sendPlain(url, { method: 'GET', path: '/ready' });
      expect({ status, text }).toEqual({ status: 503, text: '{"status":"database not reachable"}' });
      expect(await probe('/health')).toBe(200);
      expect(codes((await ask(url, '{ users { id } }')).body)).toEqual(['INTERNAL_SERVER_ERROR']);
    });
  });
});
