import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { findProduct, insertProduct, listProducts } from '../../src/shop/queries/products.ts';
import type { TestDatabase } from '../support/database.ts';
import { describeSqlite } from '../support/databases/describe-databases.ts';
import { recorder } from './recorder.ts';

const insert = (db: TestDatabase, name: string) => insertProduct(db, { name, price_cents: 0 });
const namesIn = async (db: TestDatabase) => (await listProducts(db, { first: 500 })).map(({ name }) => name);

async function leaveStream(db: TestDatabase): Promise<void> {
  for await (const row of db.selectFrom('products').select('name').stream()) {
    throw new Error(`${row.name} is enough`);
  }
}

async function pass(ticks: number): Promise<void> {
  for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
}

/** Something that a caller does after a while, and that takes a while. */
const step = fc.record({
  kind: fc.constantFrom('committed', 'undone', 'query', 'stream'),
  ticks: fc.nat(12),
});

async function take(db: TestDatabase, { kind, ticks }: { kind: string; ticks: number }): Promise<void> {
  await pass(ticks);
  if (kind === 'query') await namesIn(db);
  else if (kind === 'stream') await leaveStream(db).catch(() => undefined);
  else {
    const own = await db.startTransaction().execute();
    await raisePrice(own, ticks);
    await (kind === 'committed' ? own.commit() : own.rollback()).execute();
  }
}

/** Adds one to the price of the product, after a while in which nobody else must have done so. */
async function raisePrice(db: TestDatabase, ticks: number): Promise<void> {
  const found = await findProduct(db, 1);
  await pass(ticks);
  const price_cents = (found?.price_cents ?? NaN) + 1;
  await db.updateTable('products').set({ price_cents }).where('id', '=', 1).execute();
}

describeSqlite(({ open }) => {
  it('does what it is asked for in the order in which it was asked, transactions too', async () => {
    const db = await open();
    const names = Array.from({ length: 50 }, (_, n) => `Product ${n}`);
    await Promise.all(
      names.map((name, n) =>
        n % 3 === 0 ? db.transaction().execute((transaction) => insert(transaction, name)) : insert(db, name),
      ),
    );
    expect(await namesIn(db)).toEqual(names);
  });

  it('keeps queries out of the transaction of somebody else', async () => {
    const db = await open();
    const transaction = await db.startTransaction().execute();
    await insert(transaction, 'undone');
    const others = [insert(db, 'kept'), namesIn(db)] as const;
    await insert(transaction, 'undone as well');
    await transaction.rollback().execute();
    expect((await others[0]).name).toBe('kept');
    expect(await others[1]).toEqual(['kept']);
  });

  it('goes on after a query and a transaction that failed, and a stream that was left', async () => {
    const db = await open();
    await insert(db, 'Tea');
    const failing = [
      sql`select * from nowhere`.execute(db),
      db.transaction().execute(() => Promise.reject(new Error('changed my mind'))),
      leaveStream(db),
    ];
    const results = await Promise.allSettled([...failing, namesIn(db)]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'fulfilled']);
  });

  it('goes on after one that was waiting and is not wanted any more', async () => {
    const db = await open();
    const transaction = await db.startTransaction().execute();
    const controller = new AbortController();
    const unwanted = sql`select 1`.execute(db, { signal: controller.signal });
    const wanted = namesIn(db);
    controller.abort(new Error('not wanted'));
    await expect(unwanted).rejects.toThrow('not wanted');
    await insert(transaction, 'committed');
    await transaction.commit().execute();
    expect(await wanted).toEqual(['committed']);
  });

  it.each(['with', 'without'])('never mixes transactions, %s a listener', async (listening) => {
    const db = await open(listening === 'with' ? { listener: recorder() } : {});
    await insert(db, 'Tea');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
        await db.updateTable('products').set({ price_cents: 0 }).execute();
        await Promise.all(steps.map((one) => take(db, one)));
        const raises = steps.filter(({ kind }) => kind === 'committed').length;
        expect((await findProduct(db, 1))?.price_cents).toBe(raises);
      }),
      { numRuns: 50 },
    );
  });
});
