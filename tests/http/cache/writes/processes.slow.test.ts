import { describe, expect, it, vi } from 'vitest';
import { startApp } from '../../../support/app.ts';
import { isHit } from '../../../support/cache-status.ts';
import { ask } from '../../../support/client.ts';
import { openTestDatabase } from '../../../support/database.ts';
import { cachedShop } from '../../../support/fixtures/cached-shop.ts';
import { ada, createUser } from '../../../support/people.ts';
import { sluice, start as startProgram, temporaryDatabase } from '../../../support/program.ts';

const users = '{ users { name } }';
const products = '{ products { name } }';

/** Within a second of the write, however busy the machine is with starting programs before it. */
const soon = { timeout: 1000, interval: 20 };

describe('a write by another process to the same SQLite file is seen within a second', () => {
  it('from a second server', async () => {
    const env = { PORT: '0', DATABASE_URL: temporaryDatabase() };
    const first = sluice(['serve'], env);
    const [, one = ''] = await first.output(/serves (\S+)\/graphql/);
    const second = sluice(['serve'], env);
    const [, other = ''] = await second.output(/serves (\S+)\/graphql/);
    // The second one has written when it started.
    for (const url of [one, other]) {
      await vi.waitFor(async () => {
        expect(isHit(await ask(url, users))).toBe(true);
      }, soon);
    }

    await createUser(other, ada);
    expect((await ask(other, users)).body.data).toEqual({ users: [{ name: 'Ada' }] });
    await vi.waitFor(async () => {
      expect((await ask(one, users)).body.data).toEqual({ users: [{ name: 'Ada' }] });
    }, soon);
  });

  it('from the command that adds the sample data', async () => {
    const url = temporaryDatabase();
    const app = await startApp(cachedShop({ DATABASE_URL: url }));
    await app.db.deleteFrom('products').where('id', '=', 1).execute();
    const namesNow = async () => (await ask(app.url, products)).body.data?.['products'];
    expect(await namesNow()).toHaveLength(2);
    expect(isHit(await ask(app.url, products))).toBe(true);
    expect(await sluice(['seed'], { DATABASE_URL: url }).exit).toMatchObject({ code: 0 });
    await vi.waitFor(async () => {
      expect(await namesNow()).toHaveLength(3);
    }, soon);
  });

  it('from a program that knows nothing of this one', async () => {
    const url = temporaryDatabase();
    const app = await startApp(cachedShop({ DATABASE_URL: url }));
    await ask(app.url, products);
    expect(isHit(await ask(app.url, products))).toBe(true);
    const script = `
      import Sqlite from 'better-sqlite3';
      new Sqlite(process.argv[1]).exec("update products set name = 'Ghee'");
    `;
    const path = url.slice('sqlite:'.length);
    const program = startProgram(process.execPath, ['--input-type=module', '--eval', script, path]);
    expect(await program.exit).toMatchObject({ code: 0 });
    await vi.waitFor(async () => {
      const ghee = { name: 'Ghee' };
      expect((await ask(app.url, products)).body.data).toEqual({ products: [ghee, ghee, ghee] });
    }, soon);
  });

  it('once it is committed, and not before', async () => {
    const url = temporaryDatabase();
    const app = await startApp(cachedShop({ DATABASE_URL: url }));
    await using other = openTestDatabase(url);
    const transaction = await other.startTransaction().execute();
    await transaction.deleteFrom('products').execute();
    const read = async () => (await ask(app.url, products)).body.data?.['products'];
    expect(await read()).toHaveLength(3);
    await transaction.commit().execute();
    await vi.waitFor(async () => {
      expect(await read()).toEqual([]);
    }, soon);
  });
});
