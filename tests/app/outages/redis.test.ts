import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { ask } from '../../support/client.ts';
import { describeWith } from '../../support/describe-with.ts';
import { leftOf } from '../../support/fixtures/limited-fields.ts';
import { startRedis, type TestServer } from '../../support/private-servers.ts';
import { dearLimit, levelsOf, type OutageApp, startOutageApp, until } from './outage-app.ts';
import { expectUnnoticed, outageOf } from './under-load.ts';

/** Long enough for a crowd to be sent before the first of it has waited too long. */
const timeoutMs = 500;
/** What a busy machine may add. */
const slackMs = 300;
const crowd = 20;

describeWith('redis-server', 'both stores in a Redis that fails', () => {
  let server: TestServer;
  let url: string;

  beforeAll(async () => {
    server = await startRedis();
    url = `redis://127.0.0.1:${server.port}`;
  });
  afterAll(() => server.stop());

  const used = async (app: OutageApp): Promise<number> =>
    dearLimit - Number(await leftOf(app.url, 'Query.dear'));
  const keys = async (): Promise<number> => {
    const redis = new Redis(url);
    onTestFinished(() => {
      redis.disconnect();
    });
    return await redis.dbsize();
  };

  it.each([
    ['yoga', 'kill'],
    ['yoga', 'pause'],
    ['apollo', 'kill'],
  ] as const)('goes unnoticed by clients: %s, %s', async (kind, end) => {
    await expectUnnoticed(outageOf(server, end), { SERVER: kind, REDIS_URL: url });
    expect(await keys()).toBeGreaterThan(0);
  });

  it('has each charge once that was sent before it fell silent', async () => {
    const app = await startOutageApp({ REDIS_URL: url, STORE_TIMEOUT: String(timeoutMs) });
    await ask(app.url, '{ dear }');
    server.pause();
    const begun = performance.now();
    const replies = await Promise.all(Array.from({ length: crowd }, () => ask(app.url, '{ dear }')));
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
    expect(performance.now() - begun).toBeLessThan(timeoutMs + slackMs);
    await Promise.all(Array.from({ length: crowd }, () => ask(app.url, '{ dear }')));
    expect(await used(app)).toBe(2 * crowd);
    server.resume();
    await until(() => levelsOf(app).length === 2);
    expect(await used(app)).toBe(1 + crowd);
    await ask(app.url, '{ dear }');
    expect(await used(app)).toBe(2 + crowd);
  });

  it('makes nobody wait while it is known not to answer', async () => {
    const app = await startOutageApp({ REDIS_URL: url });
    const without = await startOutageApp({});
    server.pause();
    await ask(app.url, '{ dear open }');
    expect(levelsOf(app)).toEqual([50]);
    const took: [number, number][] = [];
    for (let n = 0; n < 25; n += 1) took.push([await timeOf(app), await timeOf(without)]);
    const [down, usual] = [medianOf(took.map(([first]) => first)), medianOf(took.map(([, last]) => last))];
    expect(levelsOf(app)).toEqual([50]);
    server.resume();
    expect(down).toBeLessThan(2 * usual + 20);
  });

  it('gets no charge again that was lost with it', async () => {
    const app = await startOutageApp({ REDIS_URL: url });
    await ask(app.url, '{ dear }');
    server.pause();
    await Promise.all(Array.from({ length: crowd }, () => ask(app.url, '{ dear }')));
    expect(await used(app)).toBe(crowd);
    await server.kill();
    await server.restart();
    await until(() => levelsOf(app).length === 2);
    expect(await used(app)).toBe(0);
    await ask(app.url, '{ dear }');
    expect(await used(app)).toBe(1);
  });
});

/** How long a request takes, in milliseconds. */
async function timeOf({ url }: OutageApp): Promise<number> {
  const begun = performance.now();
  await ask(url, '{ dear open }');
  return performance.now() - begun;
}

function medianOf(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? NaN;
}
