import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask } from '../../support/client.ts';
import { describeWith } from '../../support/describe-with.ts';
import { leftOf } from '../../support/fixtures/limited-fields.ts';
import { startMemcached, type TestServer } from '../../support/private-servers.ts';
import { dearLimit, levelsOf, startOutageApp, until } from './outage-app.ts';
import { expectUnnoticed, outageOf } from './under-load.ts';

describeWith('memcached', 'buckets in a Memcached that fails', () => {
  let server: TestServer;
  let store: string;

  beforeAll(async () => {
    server = await startMemcached();
    store = `memcached://127.0.0.1:${server.port}`;
  });
  afterAll(() => server.stop());

  it.each(['kill', 'pause'] as const)('goes unnoticed by clients: %s', async (end) => {
    await expectUnnoticed(outageOf(server, end), { RATE_LIMIT_STORE: store });
  });

  it('has each charge once that was sent before it fell silent', async () => {
    const app = await startOutageApp({ RATE_LIMIT_STORE: store, STORE_TIMEOUT: '200' });
    await ask(app.url, '{ dear }');
    server.pause();
    await ask(app.url, '{ dear }');
    await ask(app.url, '{ dear }');
    server.resume();
    await until(() => levelsOf(app).length === 2);
    expect(await leftOf(app.url, 'Query.dear')).toBe(dearLimit - 2);
  });
});
