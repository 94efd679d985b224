import { type DatabaseConnection, sql } from 'kysely';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { relationsOf } from '../../../src/database/tracking/relations.ts';
import { type LoadRelations, RelationsCache } from '../../../src/database/tracking/relations-cache.ts';
import { TrackedConnection } from '../../../src/database/tracking/tracked-connection.ts';
import { describePostgres } from '../../support/databases/describe-databases.ts';
import { recorder } from '../recorder.ts';
import { db as letters } from './letters.ts';
import { butter, openShop } from './shop.ts';

describePostgres(({ open }) => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('notices within 30 seconds the tables and triggers that other sessions make', async () => {
    const { db, told } = await openShop(open);
    await db.insertInto('products').values(butter).execute();
    const other = await open({ migrated: false });
    await sql`create table shops (id integer)`.execute(other);
    await sql`create function sell() returns trigger language plpgsql as 'begin return null; end'`.execute(
      other,
    );
    await sql`create trigger sold after insert on products execute function sell()`.execute(other);
    told.clear();
    await db.selectFrom('shops').select('id').execute();
    vi.advanceTimersByTime(30_001);
    await db.selectFrom('shops').select('id').execute();
    await db.insertInto('products').values(butter).execute();
    expect(told).toMatchObject({ reads: ['unknown', ['shops'], ['products']], writes: ['unknown'] });
  });
});

it('does not look for them in a transaction that sees the past', async () => {
  let now = 0;
  const relations = relationsOf([
    { kind: 'table', name: 'a', other: null },
    { kind: 'snapshots', name: '', other: null },
  ]);
  const load = vi.fn<LoadRelations>().mockResolvedValue(relations);
  const cache = new RelationsCache(load, { maxAgeMs: 30_000, now: () => now });
  const inner = { executeQuery: () => Promise.resolve({ rows: [] }) } as unknown as DatabaseConnection;
  const connection = new TrackedConnection(inner, { listener: recorder(), relations: cache });
  const select = letters.selectFrom('a').select('id').compile();
  await connection.executeQuery(select);
  connection.begin({});
  now = 30_001;
  await connection.executeQuery(select);
  expect(load).toHaveBeenCalledTimes(1);
  await connection.committed({ isCertain: true });
  await connection.executeQuery(select);
  expect(load).toHaveBeenCalledTimes(2);
});
