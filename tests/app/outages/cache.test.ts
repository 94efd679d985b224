import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ask, type Reply } from '../../support/client.ts';
import { describeWith } from '../../support/describe-with.ts';
import { ada, createUser, grace } from '../../support/people.ts';
import { startRedis, type TestServer } from '../../support/private-servers.ts';
import { temporaryDatabase } from '../../support/program.ts';
import {
  isHit,
  levelsOf,
  type OutageApp,
  type Shared,
  startOutageApp,
  startShopApp,
  until,
} from './outage-app.ts';
import { comeBack } from './under-load.ts';

const users = '{ users { name } }';

describeWith('redis-server', 'answers that two servers share through a Redis that fails', () => {
  let server: TestServer;
  let env: Record<string, string>;
  let tests = 0;

  beforeAll(async () => {
    server = await startRedis();
  });
  beforeEach(() => {
    const prefix = `cache-${++tests}`;
    env = { REDIS_URL: `redis://127.0.0.1:${server.port}`, STORE_PREFIX: prefix };
  });
  afterAll(() => server.stop());

  const statusOf = ({ headers }: Reply): string | null => headers.get('cache-status');
  const cacheOf = async ({ url }: OutageApp, query: string): Promise<string | null> =>
    statusOf(await ask(url, query));
  const namesIn = ({ body }: Reply): unknown =>
    (body.data?.['users'] as { name: string }[]).map(({ name }) => name);
  const goesDown = async (app: OutageApp, query: string): Promise<void> => {
    await until(async () => (await cacheOf(app, query)) === 'sluice; fwd=miss; detail="unavailable"');
  };
  const areBack = async (apps: readonly OutageApp[]): Promise<void> => {
    await until(() => apps.every((app) => levelsOf(app).at(-1) !== 50));
  };

  it.each(['kill', 'pause'] as const)('are made anew, and miss no user of that time: %s', async (end) => {
    const shared = { ...env, DATABASE_URL: temporaryDatabase() };
    const busy = await startShopApp(shared);
    const idle = await startShopApp(shared);
    await createUser(busy.url, ada);
    for (const app of [busy, idle]) await until(() => isHit(app, users));
    await server[end]();
    await goesDown(busy, users);
    expect(namesIn(await ask(busy.url, users))).toEqual(['Ada']);
    expect((await createUser(busy.url, grace)).body.errors).toBeUndefined();
    const during = await ask(busy.url, users);
    expect([namesIn(during), statusOf(during)]).toEqual([
      ['Ada', 'Grace'],
      'sluice; fwd=miss; detail="unavailable"',
    ]);
    await comeBack(server, end);
    await areBack([busy, idle]);
    for (const app of [idle, busy]) expect(namesIn(await ask(app.url, users))).toEqual(['Ada', 'Grace']);
    for (const app of [idle, busy]) await until(() => isHit(app, users));
  });

  it('invalidate after the outage what was to be invalidated during it, for a server too that slept', async () => {
    const shared: Shared = { text: 'first' };
    const busy = await startOutageApp(env, shared);
    const idle = await startOutageApp(env, shared);
    for (const app of [busy, idle]) await until(() => isHit(app, '{ open }'));
    server.pause();
    const written = await ask(busy.url, 'mutation { write(text: "second") }');
    expect(written.body).toEqual({ data: { write: 'second' } });
    expect((await ask(busy.url, '{ open }')).body.data).toEqual({ open: 'second' });
    server.resume();
    await areBack([busy]);
    for (const app of [idle, busy]) {
      expect((await ask(app.url, '{ open }')).body.data).toEqual({ open: 'second' });
    }
  });
});
