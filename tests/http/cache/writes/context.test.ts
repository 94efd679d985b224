import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { TestApp } from '../../../support/app.ts';
import { cacheStatus, hit, stored, unknownTables } from '../../../support/cache-status.ts';
import { ask } from '../../../support/client.ts';
import type { TestDatabase } from '../../../support/database.ts';
import { describeEngines } from '../../../support/describe-engines.ts';

const typeDefs = 'type Query { keys: Int @cacheControl(maxAge: 60) }';
const names = '{ keys }';

interface Counted {
  readonly counted: number | Promise<number>;
}

function countKeys(db: TestDatabase): Promise<number> {
  return db
    .selectFrom('sluice_api_keys')
    .selectAll()
    .execute()
    .then(({ length }) => length);
}

describeEngines((start) => {
  describe('what the application reads for the context of an operation', () => {
    const open = async (context: (db: () => TestDatabase) => Counted | Promise<Counted>) => {
      const app: TestApp = await start({
        typeDefs,
        resolvers: { Query: { keys: (_: unknown, _args: unknown, { counted }: Counted) => counted } },
        context: () => context(() => app.db),
      });
      return app;
    };
    const addKey = ({ db }: { db: TestDatabase }, name: string) =>
      db
        .insertInto('sluice_api_keys')
        .values({ name, key_hash: name, tiers: '[]', created_at: '', revoked_at: null })
        .execute();

    it.each<[title: string, context: (db: () => TestDatabase) => Counted | Promise<Counted>]>([
      ['and waits for', async (db) => ({ counted: await countKeys(db()) })],
      ['and leaves to resolvers to wait for', (db) => ({ counted: countKeys(db()) })],
    ])('%s drops its answer when it is written', async (_title, context) => {
      const app = await open(context);
      expect((await ask(app.url, names)).body.data).toEqual({ keys: 1 });
      expect(cacheStatus(await ask(app.url, names))).toBe(hit);
      await addKey(app, 'another');
      const after = await ask(app.url, names);
      expect([cacheStatus(after), after.body.data]).toEqual([stored, { keys: 2 }]);
    });

    it('and has written since keeps its answer from being kept', async () => {
      const app = await open(async (db) => {
        const counted = await countKeys(db());
        if (counted === 1) await addKey(app, 'another');
        return { counted };
      });
      const overtaken = await ask(app.url, names);
      expect(overtaken.body.data).toEqual({ keys: 1 });
      expect(cacheStatus(overtaken)).toContain('overtaken');
      const after = await ask(app.url, names);
      expect([cacheStatus(after), after.body.data]).toEqual([stored, { keys: 2 }]);
    });

    it('keeps the answer from being kept where the tables cannot be told', async () => {
      const app = await open(async (db) => {
        const { rows } = await sql<{ n: number }>`select count(*) as n from sluice_api_keys`.execute(db());
        return { counted: rows[0]?.n ?? 0 };
      });
      expect(cacheStatus(await ask(app.url, names))).toBe(unknownTables);
    });
  });
});
