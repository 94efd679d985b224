import { describe, expect, it } from 'vitest';
import type { Start } from '../../../support/app.ts';
import { cacheStatus, hit, overtaken, stored } from '../../../support/cache-status.ts';
import { ask } from '../../../support/client.ts';
import { describeEngines } from '../../../support/describe-engines.ts';
import { type OwnContext, type OwnTablesApp, startOwnTables } from '../../../support/fixtures/own-tables.ts';

const names = '{ shops { name } }';
const sdl = `
  extend type Mutation { rename(to: String!, fails: Boolean! = false): Boolean }
  extend type Query { slowNames: [String!] @cacheControl(maxAge: 60) }
`;

interface GatedShop extends OwnTablesApp {
  /** Is reached once something has been read or written, and goes on when released. */
  readonly reached: Promise<void>;
  readonly release: () => void;
}

/** An app whose transactions stop before they end, and whose slow query stops after it has read. */
async function startGated(start: Start): Promise<GatedShop> {
  const [reached, released] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  const stop = async (): Promise<void> => {
    reached.resolve(undefined);
    await released.promise;
  };
  const rename = (_: unknown, { to, fails }: { to: string; fails: boolean }, { db }: OwnContext) =>
    db.transaction().execute(async (transaction) => {
      await transaction.updateTable('shops').set({ name: to }).execute();
      await stop();
      if (fails) throw new Error('rolled back');
      return true;
    });
  const slowNames = async (_: unknown, _args: unknown, { db }: OwnContext) => {
    const shops = await db.selectFrom('shops').select('name').execute();
    await stop();
    return shops.map(({ name }) => name);
  };
  const more = { typeDefs: sdl, resolvers: { Mutation: { rename }, Query: { slowNames } } };
  const app = await startOwnTables(start, { more });
  const release = (): void => {
    released.resolve(undefined);
  };
  return Object.assign(app, { reached: reached.promise.then(() => undefined), release });
}

describeEngines((start) => {
  describe('a transaction', () => {
    it('drops nothing before it is committed, and everything made from its tables after that', async () => {
      const { url, reached, release } = await startGated(start);
      await ask(url, names);
      const writing = ask(url, 'mutation { rename(to: "New") }');
      await reached;
      const meanwhile = await ask(url, names);
      expect([cacheStatus(meanwhile), meanwhile.body.data]).toEqual([hit, { shops: [{ name: 'Shop 1' }] }]);
      release();
      expect((await writing).body.data).toEqual({ rename: true });
      const after = await ask(url, names);
      expect([cacheStatus(after), after.body.data]).toEqual([stored, { shops: [{ name: 'New' }] }]);
    });

    it('leaves nothing stale of those who ask while it is open', async () => {
      const { url, reached, release } = await startGated(start);
      const writing = ask(url, 'mutation { rename(to: "New") }');
      await reached;
      // These wait for the connection, and the writer's answer may come before theirs.
      const waiting = ['{ shops { name } }', 'query Other { shops { name } }'].map((query) =>
        ask(url, query),
      );
      release();
      await Promise.all([writing, ...waiting]);
      for (const query of ['{ shops { name } }', 'query Other { shops { name } }']) {
        for (let n = 0; n < 2; n += 1) {
          expect((await ask(url, query)).body.data).toEqual({ shops: [{ name: 'New' }] });
        }
      }
    });

    it('drops nothing where it is rolled back', async () => {
      const { url, reached, release } = await startGated(start);
      await ask(url, names);
      const writing = ask(url, 'mutation { rename(to: "New", fails: true) }');
      await reached;
      release();
      expect((await writing).body.errors).toHaveLength(1);
      const after = await ask(url, names);
      expect([cacheStatus(after), after.body.data]).toEqual([hit, { shops: [{ name: 'Shop 1' }] }]);
    });

    it('that a job opens by itself counts like any other', async () => {
      const { url, tables } = await startGated(start);
      await ask(url, names);
      const transaction = await tables.startTransaction().execute();
      await transaction.updateTable('shops').set({ name: 'Job' }).execute();
      expect(cacheStatus(await ask(url, names))).toBe(hit);
      await transaction.commit().execute();
      expect((await ask(url, names)).body.data).toEqual({ shops: [{ name: 'Job' }] });
    });
  });

  describe('an answer that had read before a write', () => {
    it('is not kept, nor given to anyone who came after the write', async () => {
      const { url, reached, release } = await startGated(start);
      const early = ask(url, '{ slowNames }');
      await reached;
      await ask(url, 'mutation { renameShop(id: 1, name: "New") }');
      const late = ask(url, '{ slowNames }');
      release();
      const reply = await early;
      expect([cacheStatus(reply), reply.body.data]).toEqual([overtaken, { slowNames: ['Shop 1'] }]);
      expect((await late).body.data).toEqual({ slowNames: ['New'] });
      expect((await ask(url, '{ slowNames }')).body.data).toEqual({ slowNames: ['New'] });
    });

    it('is kept where the write was to other tables', async () => {
      const { url, reached, release } = await startGated(start);
      const early = ask(url, '{ slowNames }');
      await reached;
      await ask(url, 'mutation { addNote(id: 1) }');
      release();
      expect(cacheStatus(await early)).toBe(stored);
    });
  });
});
