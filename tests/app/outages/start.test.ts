import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ask } from '../../support/client.ts';
import { describeWith } from '../../support/describe-with.ts';
import { leftOf } from '../../support/fixtures/limited-fields.ts';
import { startRedis, type TestServer } from '../../support/private-servers.ts';
import { dearLimit, levelsOf, type OutageApp, startOutageApp, until, watchProcess } from './outage-app.ts';
import { comeBack } from './under-load.ts';

const wrong = 'not-the-password';

async function expectToWorkWithout(app: OutageApp): Promise<void> {
  expect(app.startedIn).toBeLessThan(3000);
  expect(levelsOf(app)).toEqual([50]);
  expect((await ask(app.url, '{ both }')).body).toEqual({ data: { both: 3 } });
  expect(await leftOf(app.url, 'Query.dear')).toBe(dearLimit);
}

async function startServer(...options: readonly string[]): Promise<{ server: TestServer; url: string }> {
  const server = await startRedis(...options);
  onTestFinished(() => server.stop());
  return { server, url: `redis://127.0.0.1:${server.port}` };
}

describeWith('redis-server', 'a server that starts with a Redis that does not work', () => {
  it.each(['kill', 'pause'] as const)('works without, and with it once it is there: %s', async (end) => {
    const complaints = watchProcess();
    const { server, url } = await startServer();
    await server[end]();
    const [app, other] = await Promise.all(
      Array.from({ length: 2 }, () =>
        startOutageApp({ REDIS_URL: url, STORE_PREFIX: 'same', STORE_TIMEOUT: '200' }),
      ),
    );
    if (app === undefined || other === undefined) throw new Error('There are two.');
    await expectToWorkWithout(app);
    await comeBack(server, end);
    await until(() => levelsOf(app).length === 2 && levelsOf(other).length === 2);
    await ask(app.url, '{ dear }');
    expect(await leftOf(other.url, 'Query.dear')).toBe(dearLimit - 1);
    expect(levelsOf(app)).toEqual([50, 30]);
    expect(complaints).toEqual([]);
  });

  it('says so once where it has the wrong password, which it never tells', async () => {
    const complaints = watchProcess();
    const { url } = await startServer('--requirepass', 'the-password');
    const app = await startOutageApp({ REDIS_URL: url.replace('//', `//:${wrong}@`) });
    await expectToWorkWithout(app);
    expect(JSON.stringify(app.lines)).toMatch(/WRONGPASS|NOAUTH|password/i);
    expect(JSON.stringify(app.lines)).not.toContain(wrong);
    expect(complaints).toEqual([]);
  });
});

describe('a server whose REDIS_URL is that of something else', () => {
  it('says so once, goes on trying, and works without', async () => {
    const complaints = watchProcess();
    let attempts = 0;
    const http = createServer().on('connection', () => (attempts += 1));
    await once(http.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void http.close());
    // A server that listens on TCP has an address of this shape.
    const { port } = http.address() as AddressInfo;
    const app = await startOutageApp({ REDIS_URL: `redis://:${wrong}@127.0.0.1:${port}` });
    await until(() => attempts > 4);
    await expectToWorkWithout(app);
    expect(JSON.stringify(app.lines)).not.toContain(wrong);
    expect(complaints).toEqual([]);
  });
});
