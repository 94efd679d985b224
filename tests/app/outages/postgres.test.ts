import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { ask, codes } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { startPglite, type TestPostgres } from '../../support/postgres.ts';
import { openWay } from '../../support/way.ts';

const products = '{ newProducts { name } }';

describeEngines((start) => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await startPglite();
  });
  // Before and not after: an app is closed only once a test has ended.
  beforeEach(() => postgres.reset());
  afterAll(() => postgres.stop());

  async function startOverWay() {
    const database = new URL(postgres.url);
    const way = await openWay(Number(database.port));
    database.host = `127.0.0.1:${way.port}`;
    database.searchParams.set('query_timeout', '1000');
    const app = await start({ env: { DATABASE_URL: database.href, JWT_SECRET: 'x'.repeat(32) } });
    const ready = async (): Promise<number> => (await fetch(`${app.url}/ready`)).status;
    expect((await ask(app.url, products)).status).toBe(200);
    return { ...app, way, ready };
  }

  async function expectOutage({ url, ready }: Awaited<ReturnType<typeof startOverWay>>): Promise<void> {
    const started = performance.now();
    const replies = await Promise.all([products, products].map((query) => ask(url, query)));
    for (const { body } of replies) {
      expect(codes(body)).toEqual(['INTERNAL_SERVER_ERROR']);
      expect(JSON.stringify(body)).not.toMatch(/127\.0\.0\.1|ECONN|terminated|postgres/i);
    }
    expect(await ready()).toBe(503);
    expect((await ask(url, '{ __typename }')).body.data).toEqual({ __typename: 'Query' });
    expect((await fetch(`${url}/health`)).status).toBe(200);
    expect(performance.now() - started).toBeLessThan(10_000);
  }

  async function expectRecovery({ url, ready }: Awaited<ReturnType<typeof startOverWay>>): Promise<void> {
    await vi.waitFor(
      async () => {
        expect((await ask(url, products)).body).toMatchObject({ data: { newProducts: [{}, {}, {}] } });
        expect(await ready()).toBe(200);
      },
      { timeout: 5000, interval: 20 },
    );
  }

  it('fails what needs it with masked errors, says so in /ready, and goes on once it is back', async () => {
    const app = await startOverWay();
    await app.way.cut();
    await expectOutage(app);
    await app.way.mend();
    await expectRecovery(app);
  });

  it('does not wait for ever for one that has fallen silent', async () => {
    const app = await startOverWay();
    app.way.block();
    await expectOutage(app);
    await app.way.mend();
    await expectRecovery(app);
  });
});
