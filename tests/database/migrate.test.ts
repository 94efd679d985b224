import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { prepareFirstRun } from '../../src/app/first-run.ts';
import { listApiKeys } from '../../src/database/api-keys.ts';
import { migrate } from '../../src/database/migrate.ts';
import { serverMigrations } from '../../src/database/server-migrations.ts';
import { insertProduct, listProducts } from '../../src/shop/queries/products.ts';
import { allMigrations } from '../support/database.ts';
import { describeDatabases } from '../support/databases/describe-databases.ts';

const names = allMigrations.flatMap(({ migrations }) => Object.keys(migrations));

describeDatabases(({ open, race }) => {
  it('runs every migration on a fresh database', async () => {
    const db = await open({ migrated: false });
    expect(await migrate(db, allMigrations)).toEqual(names);
    for (const table of ['users', 'products', 'sluice_api_keys'] as const) {
      expect(await db.selectFrom(table).selectAll().execute()).toEqual([]);
    }
  });

  it('runs nothing on a database that is up to date, and keeps its rows', async () => {
    const db = await open();
    const product = await insertProduct(db, { name: 'Amul Butter', price_cents: 5000 });
    expect(await migrate(db, allMigrations)).toEqual([]);
    expect(await listProducts(db, { first: 10 })).toEqual([product]);
  });

  it('runs every migration once when several processes start at once', async () => {
    const { results } = await race('migrate', 4);
    expect(results).toHaveLength(4);
    // One process may do one set of tables, and another the next.
    expect(results.flat().toSorted()).toEqual(names.toSorted());
  });

  it('names the migration that failed, keeps the cause and changes nothing', async () => {
    const db = await open({ migrated: false });
    await sql`create table products (mine text)`.execute(db);
    const failure = await migrate(db, allMigrations).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(failure).toMatchObject({
      message: expect.stringMatching(
        /^The migration "sample-0001-initial" failed and left nothing behind: .*products/,
      ) as string,
      cause: expect.any(Error) as Error,
    });
    await expect(db.selectFrom('users').selectAll().execute()).rejects.toThrow(/users/);
  });

  it('refuses a database that a newer release has migrated', async () => {
    const db = await open();
    const history = sql.table(serverMigrations.history);
    const later = sql`values ('server-9999-later', '9999-01-01T00:00:00Z')`;
    await sql`insert into ${history} (name, timestamp) ${later}`.execute(db);
    await expect(migrate(db, allMigrations)).rejects.toThrow(/9999-later/);
  });

  it("keeps out of the way of an application's own tables and migrations", async () => {
    const db = await open({ migrated: false });
    for (const table of ['users', 'products', 'api_keys', 'kysely_migration', 'kysely_migration_lock']) {
      await sql`create table ${sql.table(table)} (theirs text)`.execute(db);
    }
    expect(await migrate(db, [serverMigrations])).toEqual(Object.keys(serverMigrations.migrations));
    expect(await migrate(db, [serverMigrations])).toEqual([]);
    expect(await prepareFirstRun(db, { adminKeyHash: 'aa11', now: new Date(0) })).toBe(true);
    expect(await listApiKeys(db)).toHaveLength(1);
    for (const table of ['users', 'products']) {
      expect((await sql`select theirs from ${sql.table(table)}`.execute(db)).rows).toEqual([]);
    }
  });

  it('never gives an id twice, so that nothing is taken for what has been deleted', async () => {
    const db = await open();
    const { id } = await insertProduct(db, { name: 'Tata Tea', price_cents: 1 });
    await db.deleteFrom('products').execute();
    expect((await insertProduct(db, { name: 'Tata Tea', price_cents: 1 })).id).toBeGreaterThan(id);
  });
});
