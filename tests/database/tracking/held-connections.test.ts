import { type CompiledQuery, type DatabaseConnection, type Kysely, sql } from 'kysely';
import { expect, it } from 'vitest';
import { relationsOf } from '../../../src/database/tracking/relations.ts';
import { RelationsCache } from '../../../src/database/tracking/relations-cache.ts';
import { TrackedConnection } from '../../../src/database/tracking/tracked-connection.ts';
import {
  describeDatabases,
  describePostgres,
  describeSqlite,
} from '../../support/databases/describe-databases.ts';
import { recorder } from '../recorder.ts';
import { db as letters } from './letters.ts';
import { openShop, type Shop } from './shop.ts';

const readProducts = (db: Kysely<Shop>) => db.selectFrom('products').select('id').execute();

describeDatabases(({ open }) => {
  it('knows the tables again as soon as raw SQL on a connection that is held has run', async () => {
    const { db, told } = await openShop(open);
    await db.connection().execute(async (connection) => {
      await sql`create table shops (id integer)`.execute(connection);
      told.clear();
      await readProducts(connection);
      await connection.selectFrom('shops').select('id').execute();
      await expect(sql`drop table nowhere`.execute(connection)).rejects.toThrow();
      await readProducts(connection);
    });
    expect(told.reads).toEqual([['products'], ['shops'], 'unknown', ['products']]);
  });

  it('does not vouch for anything once raw SQL on it may have begun a transaction, until it is released', async () => {
    const { db, told } = await openShop(open);
    await db.connection().execute(async (connection) => {
      await sql`begin`.execute(connection);
      await sql`create table shops (id integer)`.execute(connection);
      told.clear();
      await readProducts(connection);
      await connection.selectFrom('shops').select('id').execute();
      await sql`rollback`.execute(connection);
      await readProducts(connection);
    });
    await readProducts(db);
    expect(told.reads).toEqual(['unknown', 'unknown', 'unknown', 'unknown', ['products']]);
  });

  it('is not wary any more of a connection that has been released', async () => {
    const { db, told } = await openShop(open);
    await sql`begin`.execute(db);
    await sql`rollback`.execute(db);
    await db.connection().execute(async (connection) => {
      await sql`create table shops (id integer)`.execute(connection);
      told.clear();
      await readProducts(connection);
    });
    expect(told.reads).toEqual([['products']]);
  });

  it('does not vouch for anything after raw SQL in a transaction on it, until that has ended', async () => {
    const { db, told } = await openShop(open);
    await db.connection().execute(async (connection) => {
      await connection.transaction().execute(async (transaction) => {
        await sql`create table shops (id integer)`.execute(transaction);
        told.clear();
        await readProducts(transaction);
      });
      await readProducts(connection);
    });
    expect(told.reads).toEqual(['unknown', ['products']]);
  });
});

describeSqlite(({ open }) => {
  it('takes a savepoint for the beginning of a transaction', async () => {
    const { db, told } = await openShop(open);
    await db.connection().execute(async (connection) => {
      await sql`savepoint here`.execute(connection);
      await sql`create table shops (id integer)`.execute(connection);
      told.clear();
      await readProducts(connection);
      await sql`rollback to here`.execute(connection);
      await sql`release here`.execute(connection);
    });
    expect(told.reads[0]).toBe('unknown');
  });
});

describePostgres(({ open }) => {
  it('knows the tables while a connection is held to listen on', async () => {
    const { db, told } = await openShop(open);
    await db.connection().execute(async (connection) => {
      await sql`listen news`.execute(connection);
      told.clear();
      await readProducts(connection);
    });
    expect(told.reads).toEqual([['products']]);
  });
});

it('knows nothing until the last of several statements in raw SQL has run that were begun at once', async () => {
  const ends = new Map<string, () => void>();
  const inner = {
    executeQuery: async ({ sql: text }: CompiledQuery) => {
      await new Promise<void>((resolve) => ends.set(text, resolve));
      return { rows: [] };
    },
  } as unknown as DatabaseConnection;
  const relations = relationsOf([{ kind: 'table', name: 'a', other: null }]);
  const cache = new RelationsCache(() => Promise.resolve(relations));
  const connection = new TrackedConnection(inner, { listener: recorder(), relations: cache });
  const run = (text: string) => connection.executeQuery(sql.raw(text).compile(letters));
  const [first, second] = [run('drop table a'), run('drop table b')];
  await expect.poll(() => ends.size).toBe(2);
  ends.get('drop table a')?.();
  await first;
  expect(await cache.get(inner)).toBeUndefined();
  ends.get('drop table b')?.();
  await second;
  expect(await cache.get(inner)).toBe(relations);
});
