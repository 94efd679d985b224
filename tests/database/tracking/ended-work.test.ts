import { CompiledQuery, type DatabaseConnection, sql } from 'kysely';
import { Client } from 'pg';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { relationsOf } from '../../../src/database/tracking/relations.ts';
import { RelationsCache } from '../../../src/database/tracking/relations-cache.ts';
import { TrackedConnection } from '../../../src/database/tracking/tracked-connection.ts';
import { Lifetime, workWithin } from '../../../src/util/lifetime.ts';
import { openTestDatabase } from '../../support/database.ts';
import { describeDatabases } from '../../support/databases/describe-databases.ts';
import { startPostgres } from '../../support/postgres.ts';
import { recorder } from '../recorder.ts';
import { openShop } from './shop.ts';

const tooLate = new Error('too late');

describeDatabases(({ open }) => {
  it('sends no query of work that has ended', async () => {
    const { db, told } = await openShop(open);
    const lifetime = new Lifetime();
    told.clear();
    const read = () => workWithin(lifetime, () => db.selectFrom('products').select('id').execute());
    expect(await read()).toEqual([]);
    lifetime.end(tooLate);
    await expect(read()).rejects.toBe(tooLate);
    expect(told.reads).toEqual([['products']]);
  });

  it('sends none of those that still wait for a connection when it ends', async () => {
    const { db, told } = await openShop(open);
    const lifetime = new Lifetime();
    told.clear();
    const released = Promise.withResolvers<undefined>();
    const held = db.connection().execute(() => released.promise);
    const waiting = Array.from({ length: 12 }, () =>
      workWithin(lifetime, () => db.selectFrom('products').select('id').execute()),
    );
    const settled = Promise.allSettled(waiting);
    lifetime.end(tooLate);
    released.resolve(undefined);
    await held;
    for (const each of await settled) expect(each).toEqual({ status: 'rejected', reason: tooLate });
    expect(told.reads).toEqual([]);
  });
});

/** A connection whose query and whose cancelling end when the test says so. */
function slowConnection() {
  const query = Promise.withResolvers<{ rows: [] }>();
  const cancel = Promise.withResolvers<undefined>();
  let cancels = 0;
  const inner = {
    executeQuery: () => query.promise,
    cancelQuery: () => {
      cancels += 1;
      return cancel.promise;
    },
  } as unknown as DatabaseConnection;
  const relations = new RelationsCache(() => Promise.resolve(relationsOf([])));
  const connection = new TrackedConnection(inner, { listener: recorder(), relations });
  return { connection, query, cancel, cancels: () => cancels };
}

describe('a query that is running when its work ends', () => {
  const slow = CompiledQuery.raw('create table t (id integer)');

  it('is cancelled, and its connection kept until that has been asked', async () => {
    const { connection, query, cancel, cancels } = slowConnection();
    const lifetime = new Lifetime();
    let isDone = false;
    const running = workWithin(lifetime, () => connection.executeQuery(slow)).finally(() => {
      isDone = true;
    });
    await new Promise(setImmediate);
    lifetime.end(tooLate);
    expect(cancels()).toBe(1);
    query.resolve({ rows: [] });
    await new Promise(setImmediate);
    expect(isDone).toBe(false);
    cancel.resolve(undefined);
    expect(await running).toEqual({ rows: [] });
  });

  it('is not cancelled once it is done', async () => {
    const { connection, query, cancels } = slowConnection();
    const lifetime = new Lifetime();
    query.resolve({ rows: [] });
    await workWithin(lifetime, () => connection.executeQuery(slow));
    lifetime.end(tooLate);
    expect(cancels()).toBe(0);
  });

  it('goes on where nothing ends it', async () => {
    const { connection, query, cancels } = slowConnection();
    const running = connection.executeQuery(slow);
    query.resolve({ rows: [] });
    await running;
    expect(cancels()).toBe(0);
  });
});

describe('on a PostgreSQL with several connections', () => {
  const ofCI = process.env['CI'] === 'true' ? 'postgres://postgres@127.0.0.1:5432/test' : undefined;
  const server = process.env['DATABASE_URL_TEST'] ?? ofCI;

  it.skipIf(server === undefined)('a running query is cancelled, and no other one', async () => {
    vi.stubEnv('DATABASE_URL_TEST', server);
    onTestFinished(() => void vi.unstubAllEnvs());
    const place = await startPostgres();
    const db = openTestDatabase(`${place.url}&pool_size=1`, recorder());
    try {
      for (let round = 0; round < 20; round += 1) {
        const lifetime = new Lifetime();
        const running = workWithin(lifetime, () => sql`select pg_sleep(60)`.execute(db));
        const next = sql<{ n: number }>`select 1 as n from pg_sleep(0.01)`.execute(db);
        await expect.poll(() => sleeping(server ?? '')).toBe(true);
        lifetime.end(tooLate);
        await expect(running).rejects.toBe(tooLate);
        expect((await next).rows).toEqual([{ n: 1 }]);
      }
    } finally {
      await db.destroy();
      await place.stop();
    }
  });
});

async function sleeping(url: string): Promise<boolean> {
  const client = new Client(url);
  await client.connect();
  const { rowCount } = await client.query(
    "select 1 from pg_stat_activity where state = 'active' and query = 'select pg_sleep(60)'",
  );
  await client.end();
  return rowCount === 1;
}
