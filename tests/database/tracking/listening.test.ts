import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import type { Kysely } from 'kysely';
import { expect, it } from 'vitest';
import type { TableListener, TableNames } from '../../../src/database/table-listener.ts';
import { describeDatabases } from '../../support/databases/describe-databases.ts';
import { type Told, told } from '../recorder.ts';
import { butter, type Shop } from './shop.ts';

interface Gate {
  readonly opened: Promise<undefined>;
  open(): void;
}

function gate(): Gate {
  const { promise: opened, resolve } = Promise.withResolvers<undefined>();
  return {
    opened,
    open: () => {
      resolve(undefined);
    },
  };
}

describeDatabases(({ open }) => {
  const openWith = async (listener: TableListener): Promise<Kysely<Shop>> => await open({ listener });

  /** A listener that holds up writes to products only, and a database with it. */
  const openHeldUp = async () => {
    const [reached, release] = [gate(), gate()];
    const events: string[] = [];
    const db = await openWith({
      onRead: () => undefined,
      async onWrite(tables: TableNames) {
        if (tables?.has('products') !== true) return;
        events.push('announced');
        reached.open();
        await release.opened;
        events.push('done');
      },
    });
    return { db, events, reached, release };
  };

  it('lets an insert end only when the listener has', async () => {
    const { db, events, reached, release } = await openHeldUp();
    const inserted = db
      .insertInto('products')
      .values(butter)
      .execute()
      .then(() => events.push('inserted'));
    await reached.opened;
    expect(events).toEqual(['announced']);
    release.open();
    await inserted;
    expect(events).toEqual(['announced', 'done', 'inserted']);
  });

  it('lets a transaction end only when the listener has', async () => {
    const { db, events, reached, release } = await openHeldUp();
    const committed = db
      .transaction()
      .execute((transaction) => transaction.insertInto('products').values(butter).execute())
      .then(() => events.push('committed'));
    await reached.opened;
    expect(events).toEqual(['announced']);
    release.open();
    await committed;
    expect(events).toEqual(['announced', 'done', 'committed']);
  });

  it('does not let a write fail that has been done because its listener fails, but warns', async () => {
    const db = await openWith({
      onRead: () => undefined,
      onWrite(tables) {
        if (tables?.has('products') === true) throw new Error('The cache is gone.');
      },
    });
    const warned = once(process, 'warning');
    await db.insertInto('products').values(butter).execute();
    expect(await db.selectFrom('products').select('name').execute()).toHaveLength(1);
    const [warning] = (await warned) as [Error];
    expect(warning.message).toBe('A write to products could not be announced: Error: The cache is gone.');
  });

  it('tells of reads in the context of whoever asked', async () => {
    const reads = new AsyncLocalStorage<Told[]>();
    const db = await openWith({
      onRead: (tables) => reads.getStore()?.push(told(tables)),
      onWrite: () => undefined,
    });
    const readsOf = async (...tables: ('products' | 'users')[]): Promise<Told[]> =>
      await reads.run([], async () => {
        for (const table of tables) await db.selectFrom(table).select('id').execute();
        await Promise.all(tables.map((table) => db.selectFrom(table).select('name').execute()));
        return reads.getStore() ?? [];
      });
    const [products, users, both] = await Promise.all([
      readsOf('products'),
      readsOf('users'),
      db
        .transaction()
        .execute(() => Promise.resolve())
        .then(() => readsOf('users', 'products')),
    ]);
    expect(products).toEqual([['products'], ['products']]);
    expect(users).toEqual([['users'], ['users']]);
    expect(both).toEqual([['users'], ['products'], ['users'], ['products']]);
  });
});
