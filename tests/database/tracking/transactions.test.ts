import { type Kysely, sql } from 'kysely';
import { expect, it } from 'vitest';
import { describeDatabases, describePostgres } from '../../support/databases/describe-databases.ts';
import { ada, butter, openShop, type Shop } from './shop.ts';

const insertProduct = (db: Kysely<Shop>) => db.insertInto('products').values(butter).execute();
const insertUser = (db: Kysely<Shop>) => db.insertInto('users').values(ada).execute();

describeDatabases(({ open }) => {
  it('tells what a transaction wrote once, and after it has been committed', async () => {
    const { db, told } = await openShop(open);
    await db.transaction().execute(async (transaction) => {
      await insertProduct(transaction);
      await insertUser(transaction);
      await insertProduct(transaction);
      expect(told.writes).toEqual([]);
    });
    expect(told.writes).toEqual([['products', 'users']]);
  });

  it('tells what a transaction reads when it reads it', async () => {
    const { db, told } = await openShop(open);
    await db.transaction().execute(async (transaction) => {
      await transaction.selectFrom('users').select('id').execute();
      expect(told.reads).toEqual([['users']]);
    });
    expect(told.writes).toEqual([]);
  });

  it('never tells of what was rolled back', async () => {
    const { db, told } = await openShop(open);
    const failing = db.transaction().execute(async (transaction) => {
      await insertProduct(transaction);
      throw new Error('Not today.');
    });
    await expect(failing).rejects.toThrow('Not today.');
    await insertUser(db);
    expect(told.writes).toEqual([['users']]);
  });

  it('does not vouch for what a transaction reads of its own writes, which may be rolled back', async () => {
    const { db, told } = await openShop(open);
    await db.transaction().execute(async (transaction) => {
      await insertProduct(transaction);
      await transaction.selectFrom('users').select('id').execute();
      await transaction.selectFrom('products').select('id').execute();
    });
    expect(told.reads).toEqual(['unknown', ['users'], 'unknown']);
  });

  it('tells what a controlled transaction wrote when it is committed', async () => {
    const { db, told } = await openShop(open);
    const transaction = await db.startTransaction().execute();
    await insertProduct(transaction);
    expect(told.writes).toEqual([]);
    await transaction.commit().execute();
    expect(told.writes).toEqual([['products']]);
  });

  it('never tells of a controlled transaction that is rolled back', async () => {
    const { db, told } = await openShop(open);
    const transaction = await db.startTransaction().execute();
    await insertProduct(transaction);
    await transaction.rollback().execute();
    expect(told.writes).toEqual([]);
  });

  it('tells what was written around a savepoint that was rolled back to', async () => {
    const { db, told } = await openShop(open);
    const transaction = await db.startTransaction().execute();
    await insertProduct(transaction);
    const later = await transaction.savepoint('later').execute();
    await insertUser(later);
    const back = await later.rollbackToSavepoint('later').execute();
    await back.releaseSavepoint('later').execute();
    await transaction.commit().execute();
    expect(told.writes).toHaveLength(1);
    expect(told.writes[0]).toContain('products');
    expect(await db.selectFrom('users').select('id').execute()).toEqual([]);
  });

  it('tells of each of two transactions what it wrote itself', async () => {
    const { db, told } = await openShop(open);
    await Promise.all([db.transaction().execute(insertProduct), db.transaction().execute(insertUser)]);
    expect(told.writes.toSorted()).toEqual([['products'], ['users']]);
  });

  it('tells of a transaction that raw SQL has committed behind its back', async () => {
    const { db, told } = await openShop(open);
    const broken = db.transaction().execute(async (transaction) => {
      await insertProduct(transaction);
      await sql`commit`.execute(transaction);
      expect(told.writes).toEqual(['unknown']);
      await insertUser(transaction);
      throw new Error('Too late.');
    });
    await expect(broken).rejects.toThrow();
    expect(told.writes.at(-1)).toBe('unknown');
  });

  it('forgets the tables of a transaction that was rolled back', async () => {
    const { db, told } = await openShop(open);
    const failing = db.transaction().execute(async (transaction) => {
      await transaction.schema.createTable('shops').addColumn('id', 'integer').execute();
      await transaction.selectFrom('shops').select('id').execute();
      throw new Error('Not today.');
    });
    await expect(failing).rejects.toThrow('Not today.');
    expect(told).toMatchObject({ reads: ['unknown', 'unknown'], writes: [] });
    await db.selectFrom('products').select('id').execute();
    expect(told.reads.at(-1)).toEqual(['products']);
  });

  it('knows the tables within a transaction that is the first to ask', async () => {
    await open();
    const { db, told } = await openShop((options) => open({ ...options, migrated: false }));
    await db.transaction().execute(async (transaction) => {
      await transaction.selectFrom('products').select('id').execute();
      await insertUser(transaction);
    });
    expect(told).toMatchObject({ reads: [['products'], 'unknown'], writes: [['users']] });
  });
});

describePostgres(({ open }) => {
  it('never tells of a transaction that the database rolled back instead of committing it', async () => {
    const { db, told } = await openShop(open);
    const aborted = db.transaction().execute(async (transaction) => {
      await insertProduct(transaction);
      await expect(sql`select 1 / 0`.execute(transaction)).rejects.toThrow();
    });
    await expect(aborted).rejects.toThrow();
    expect(told.writes).toEqual([]);
  });

  it('tells of a commit that failed, of which the outcome is not known', async () => {
    const { db, told } = await openShop(open);
    await sql`alter table users add boss integer references users deferrable initially deferred`.execute(db);
    told.clear();
    const failing = db.transaction().execute((transaction) =>
      transaction
        .insertInto('users')
        .values({ ...ada, boss: 99 } as typeof ada)
        .execute(),
    );
    await expect(failing).rejects.toThrow();
    expect(told.writes).toEqual([['users']]);
  });

  it('does not vouch for the past that a transaction goes on to read', async () => {
    const { db, told } = await openShop(open);
    for (const level of ['read committed', 'repeatable read', 'serializable'] as const) {
      const transaction = db.transaction().setIsolationLevel(level);
      await transaction.execute((running) => running.selectFrom('users').select('id').execute());
    }
    expect(told.reads).toEqual([['users'], 'unknown', 'unknown']);
  });

  it('leaves raw SQL that must come first in a transaction to come first', async () => {
    await open();
    const { db, told } = await openShop((options) => open({ ...options, migrated: false }));
    await db.transaction().execute(async (transaction) => {
      await sql`set transaction isolation level repeatable read`.execute(transaction);
      await transaction.selectFrom('users').select('id').execute();
    });
    expect(told.reads.at(-1)).toBe('unknown');
  });
});
