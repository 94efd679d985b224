import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { cacheStatus, hit, stored, unknownTables } from '../../../support/cache-status.ts';
import { ask } from '../../../support/client.ts';
import { describeEngines } from '../../../support/describe-engines.ts';
import { type OwnContext, startOwnTables } from '../../../support/fixtures/own-tables.ts';

const reads = {
  shops: '{ shops { id name } }',
  shop: '{ shop(id: 1) { name } }',
  none: '{ shop(id: 2) { name } }',
  count: '{ shopCount }',
  aliased: '{ n: shopCount all: shops { called: name } }',
  items: '{ items { name shopName } }',
  notes: '{ notes }',
  constant: '{ constant }',
} as const;
type Read = keyof typeof reads;
const everything = Object.keys(reads) as Read[];
const ofShops: readonly Read[] = ['shops', 'shop', 'none', 'count', 'aliased', 'items'];

describeEngines((start) => {
  describe('a write to a table drops the answers that were made from it, and no others', () => {
    /** Which answers are still there after a mutation, once all of them were. */
    const kept = async (url: string, mutation: string): Promise<string[]> => {
      const ask1 = async ([name, query]: [string, string]) =>
        [name, cacheStatus(await ask(url, query))] as const;
      for (const read of Object.entries(reads)) await ask1(read);
      const before = await Promise.all(Object.entries(reads).map(ask1));
      expect(before.filter(([, status]) => status !== hit)).toEqual([]);
      expect((await ask(url, `mutation { ${mutation} }`)).body.errors).toBeUndefined();
      const after = await Promise.all(Object.entries(reads).map(ask1));
      expect(after.filter(([, status]) => status !== hit && status !== stored)).toEqual([]);
      return after.filter(([, status]) => status === hit).map(([name]) => name);
    };
    it.each([
      ['an insert', 'addShop(id: 2) { id }', ofShops],
      ['an update', 'renameShop(id: 1, name: "Corner")', ofShops],
      ['an update of nothing, which drops nothing', 'renameShop(id: 9, name: "Nowhere")', []],
      ['a delete, which returns a Boolean', 'removeShop(id: 1)', ofShops],
      ['a write to one of two tables that were joined', 'addItem(id: 1, shopId: 1)', ['items']],
      ['a write to a table that hardly any answer read', 'addNote(id: 1)', ['notes']],
      ['raw SQL, which may write anything', 'rawRename(name: "Raw")', everything],
    ] satisfies [string, string, readonly Read[]][])('%s', async (_title, mutation, dropped) => {
      const { url } = await startOwnTables(start);
      const others = everything.filter((name) => !dropped.includes(name));
      expect(await kept(url, mutation)).toEqual(others);
    });
  });

  describe('the answer after a write', () => {
    it('is right for lists, objects, nothing, counts and joins', async () => {
      const { url } = await startOwnTables(start);
      const all = async () => {
        const bodies = await Promise.all(
          Object.values(reads).map(async (query) => (await ask(url, query)).body),
        );
        return Object.assign({}, ...bodies.map(({ data }) => data)) as Record<string, unknown>;
      };
      const one = { shops: [{ id: '1', name: 'Shop 1' }], shopCount: 1, items: [], n: 1 };
      expect(await all()).toMatchObject(one);
      await ask(url, 'mutation { addItem(id: 1, shopId: 1) addShop(id: 2) { name } addNote(id: 1) }');
      expect(await all()).toMatchObject({
        shops: [{}, { id: '2', name: 'Shop 2' }],
        shop: { name: 'Shop 2' },
        shopCount: 2,
        n: 2,
        items: [{ name: 'Item 1', shopName: 'Shop 1' }],
        notes: ['Note 1'],
      });
      await ask(url, 'mutation { renameShop(id: 1, name: "Corner") removeShop(id: 2) }');
      expect(await all()).toMatchObject({
        shops: [{ id: '1', name: 'Corner' }],
        all: [{ called: 'Corner' }],
        shop: null,
        shopCount: 1,
        items: [{ shopName: 'Corner' }],
      });
    });

    it('is right where a query wrote', async () => {
      const { url } = await startOwnTables(start);
      await ask(url, reads.count);
      await ask(url, '{ addByQuery(id: 5) }');
      expect((await ask(url, reads.count)).body.data).toEqual({ shopCount: 2 });
    });

    it('is right where a cached operation wrote what it read itself', async () => {
      const { url } = await startOwnTables(start, {
        more: {
          typeDefs: 'extend type Query { visits: Int @cacheControl(maxAge: 60) }',
          resolvers: {
            Query: {
              async visits(_: unknown, _args: unknown, { db }: OwnContext) {
                const rows = await db.selectFrom('notes').select('id').execute();
                await db
                  .insertInto('notes')
                  .values({ id: rows.length + 1, text: 'a visit' })
                  .execute();
                return rows.length;
              },
            },
          },
        },
      });
      for (const visits of [0, 1, 2])
        expect((await ask(url, '{ visits }')).body).toEqual({ data: { visits } });
      await ask(url, reads.notes);
      await ask(url, '{ visits }');
      expect((await ask(url, reads.notes)).body.data?.['notes']).toHaveLength(4);
    });

    it('is right for a job that writes by a compiled query', async () => {
      const { url, tables } = await startOwnTables(start);
      await ask(url, reads.shop);
      const compiled = tables.updateTable('shops').set({ name: 'Compiled' }).compile();
      await tables.executeQuery(compiled);
      expect((await ask(url, reads.shop)).body.data).toEqual({ shop: { name: 'Compiled' } });
    });

    it('is right for a job that changes the tables themselves', async () => {
      const { url, db } = await startOwnTables(start);
      await ask(url, reads.notes);
      await db.schema.dropTable('notes').execute();
      expect((await ask(url, reads.notes)).body.errors).toHaveLength(1);
    });
  });

  describe('what cannot be told', () => {
    it('is never kept: an answer by raw SQL, however often it is asked for', async () => {
      const { url } = await startOwnTables(start);
      for (const rawCount of [1, 2, 3]) {
        const reply = await ask(url, '{ rawCount constant }');
        expect([cacheStatus(reply), reply.body.data]).toEqual([unknownTables, { rawCount, constant: 7 }]);
        expect(reply.headers.get('cache-control')).toBe('no-store');
        await ask(url, `mutation { addShop(id: ${rawCount + 1}) { id } }`);
      }
    });

    it('is never kept: an answer from a view', async () => {
      const { url, db } = await startOwnTables(start);
      await db.schema
        .createView('shop_view')
        .as(db.$extendTables<{ shops: { id: number } }>().selectFrom('shops').select('id'))
        .execute();
      expect(cacheStatus(await ask(url, '{ viewCount }'))).toBe(unknownTables);
      await ask(url, 'mutation { addShop(id: 2) { id } }');
      expect((await ask(url, '{ viewCount }')).body.data).toEqual({ viewCount: 2 });
    });

    it('is never left stale: a write that a trigger goes on from', async () => {
      const { url, db } = await startOwnTables(start);
      await sql`create trigger noted after insert on items begin insert into notes values (new.id, 'by a trigger'); end`.execute(
        db,
      );
      expect((await ask(url, reads.notes)).body.data).toEqual({ notes: [] });
      await ask(url, 'mutation { addItem(id: 4, shopId: 1) }');
      expect((await ask(url, reads.notes)).body.data).toEqual({ notes: ['by a trigger'] });
    });
  });
});
