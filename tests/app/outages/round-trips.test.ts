import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { EnvSource } from '../../../src/config/env.ts';
import { ask } from '../../support/client.ts';
import { describeWith } from '../../support/describe-with.ts';
import { startRedis, type TestServer } from '../../support/private-servers.ts';
import { temporaryDatabase } from '../../support/program.ts';
import { isHit, type OutageApp, startOutageApp, tightLimit, until } from './outage-app.ts';
import { openSlowWay } from './slow-way.ts';

const oneWayMs = 20;
const roundTripMs = 2 * oneWayMs;

describeWith('redis-server', 'what an operation asks of Redis', () => {
  let server: TestServer;
  let redis: Redis;
  let prefix: string;
  let tests = 0;

  beforeAll(async () => {
    server = await startRedis();
    redis = new Redis({ port: server.port, host: '127.0.0.1' });
  });
  beforeEach(() => {
    prefix = `trips-${++tests}`;
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  const startOn = (port: number, env: EnvSource = {}): Promise<OutageApp> =>
    startOutageApp({
      ...env,
      REDIS_URL: `redis://127.0.0.1:${port}`,
      STORE_PREFIX: prefix,
      STORE_TIMEOUT: '2000',
    });
  const scripts = async (): Promise<number> =>
    Number(/cmdstat_evalsha:calls=(\d+)/.exec(await redis.info('commandstats'))?.[1] ?? 0);
  /** How many scripts Redis runs for one operation. */
  const scriptsFor = async ({ url }: OutageApp, query: string): Promise<number> => {
    const before = await scripts();
    await ask(url, query);
    return (await scripts()) - before;
  };
  const useUp = async ({ url }: OutageApp): Promise<void> => {
    for (let n = 0; n <= tightLimit; n += 1) await ask(url, '{ tight }');
  };
  /** The shortest of many, because a busy machine makes any of them long. */
  const shortest = async ({ url }: OutageApp, query: string, times = 8): Promise<number> => {
    let least = Infinity;
    for (let n = 0; n < times; n += 1) {
      const begun = performance.now();
      await ask(url, query);
      least = Math.min(least, performance.now() - begun);
    }
    return least;
  };

  it.each([
    ['limited', '{ dear }'],
    ['limited in two ways', '{ dear tight }'],
    ['limited and kept', '{ both }'],
  ])('takes one round trip where it is %s', async (_, query) => {
    const way = await openSlowWay(server.port, oneWayMs);
    const app = await startOn(way.port);
    await ask(app.url, query);
    const before = way.roundTrips;
    const took = await shortest(app, query, 4);
    expect(way.roundTrips - before).toBe(4);
    expect(took).toBeGreaterThan(roundTripMs - 2);
    expect(took).toBeLessThan(2 * roundTripMs);
  });

  it('takes none where it is known to be denied', async () => {
    const app = await startOn((await openSlowWay(server.port, oneWayMs)).port);
    await useUp(app);
    expect(await shortest(app, '{ tight }')).toBeLessThan(roundTripMs);
    expect((await ask(app.url, '{ tight }')).status).toBe(429);
  });

  it('is one script where it is limited, and two with one look-up', async () => {
    // A new database would be written to, and everything be invalidated.
    const env = { DATABASE_URL: temporaryDatabase() };
    const app = await startOn(server.port, env);
    for (const query of ['{ dear }', '{ dear tight }']) await ask(app.url, query);
    await until(() => isHit(app, '{ both }'));
    expect(await scriptsFor(app, '{ dear }')).toBe(1);
    expect(await scriptsFor(app, '{ dear tight }')).toBe(1);
    const other = await startOn(server.port, env);
    // It begins with an invalidation of all answers, and of all copies, of what is just being looked up too.
    await until(async () => (await scriptsFor(other, '{ open }')) === 0);
    await until(() => isHit(app, '{ both }'));
    expect(await scriptsFor(other, '{ both }')).toBe(2);
  });

  it('is none where it is known to be denied, or is a copy that nobody counts', async () => {
    const app = await startOn(server.port);
    await useUp(app);
    await until(async () => (await scriptsFor(app, '{ tight }')) === 0);
    await until(() => isHit(app, '{ open }'));
    await until(async () => (await scriptsFor(app, '{ open }')) === 0);
    expect(await isHit(app, '{ open }')).toBe(true);
    await until(() => isHit(app, '{ both }'));
    await until(async () => (await scriptsFor(app, '{ both }')) === 1);
  });
});
