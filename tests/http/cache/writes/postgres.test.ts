import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Start } from '../../../support/app.ts';
import { cacheStatus, hit, stored, unknownTables } from '../../../support/cache-status.ts';
import { ask, codes } from '../../../support/client.ts';
import { describeEngines } from '../../../support/describe-engines.ts';
import { cachedShop } from '../../../support/fixtures/cached-shop.ts';
import { type OwnContext, startOwnTables } from '../../../support/fixtures/own-tables.ts';
import { ada, createUser, grace, login } from '../../../support/people.ts';
import { startPostgres, type TestPostgres } from '../../../support/postgres.ts';

const users = '{ users { name } }';
const products = '{ products { name } }';
const shops = '{ shops { name } shopCount }';

describeEngines((startOnEngine) => {
  let postgres: TestPostgres;
  let start: Start;
  beforeAll(async () => {
    postgres = await startPostgres();
    start = ({ env = {}, ...options } = {}) => {
      const secret = { DATABASE_URL: postgres.url, JWT_SECRET: 'a secret for tests, of 32 or more' };
      return startOnEngine({ ...options, env: { ...secret, ...env } });
    };
  });
  // Before and not after: an app is closed only once a test has ended.
  beforeEach(() => postgres.reset());
  afterAll(() => postgres.stop());

  it('a new user is seen at once, and signing in drops nothing', async () => {
    const { url } = await start();
    await ask(url, users);
    expect(cacheStatus(await ask(url, users))).toBe(hit);
    await createUser(url, ada);
    expect((await ask(url, users)).body.data).toEqual({ users: [{ name: 'Ada' }] });
    await login(url, ada);
    expect(cacheStatus(await ask(url, users))).toBe(hit);
    expect(codes((await createUser(url, { ...grace, email: ada.email })).body)).toEqual(['CONFLICT']);
    expect((await ask(url, users)).body.data).toEqual({ users: [{ name: 'Ada' }] });
  });

  it('new, changed and removed products are seen at once', async () => {
    const { url, by } = await start(cachedShop());
    const names = async (): Promise<string[]> => {
      const { body } = await ask(url, products);
      return (body.data?.['products'] as { name: string }[]).map(({ name }) => name);
    };
    await names();
    const write = (mutation: string) => ask(url, `mutation { ${mutation} }`, { headers: by.chief });
    await write('createProduct(input: { name: "Ghee", price: 1 }) { id }');
    expect((await names())[3]).toBe('Ghee');
    await write('updateProduct(id: 4, input: { name: "Salt", price: 1 }) { id }');
    expect((await names())[3]).toBe('Salt');
    await write('deleteProduct(id: 4)');
    expect(await names()).toHaveLength(3);
  });

  it('what a schema of its own writes and reads is told apart by tables', async () => {
    const { url } = await startOwnTables(start);
    const kept = async (): Promise<(string | null)[]> =>
      Promise.all(
        [shops, '{ items { shopName } }', '{ notes }'].map(async (q) => cacheStatus(await ask(url, q))),
      );
    expect(await kept()).toEqual([stored, stored, stored]);
    await ask(url, 'mutation { addItem(id: 1, shopId: 1) }');
    expect(await kept()).toEqual([hit, stored, hit]);
    await ask(url, 'mutation { renameShop(id: 1, name: "Corner") }');
    expect(await kept()).toEqual([stored, stored, hit]);
    expect((await ask(url, shops)).body.data).toEqual({ shops: [{ name: 'Corner' }], shopCount: 1 });
    await ask(url, 'mutation { rawRename(name: "Raw") }');
    expect(await kept()).toEqual([stored, stored, stored]);
    expect(cacheStatus(await ask(url, '{ rawCount }'))).toBe(unknownTables);
  });

  it('a transaction drops answers when it is committed, and none when it is rolled back', async () => {
    const rename = (_: unknown, { to }: { to: string }, { db }: OwnContext) =>
      db.transaction().execute(async (transaction) => {
        await transaction.updateTable('shops').set({ name: to }).execute();
        if (to === '') throw new Error('rolled back');
        return true;
      });
    const typeDefs = 'extend type Mutation { rename(to: String!): Boolean }';
    const { url } = await startOwnTables(start, { more: { typeDefs, resolvers: { Mutation: { rename } } } });
    await ask(url, shops);
    expect((await ask(url, 'mutation { rename(to: "") }')).body.errors).toHaveLength(1);
    expect(cacheStatus(await ask(url, shops))).toBe(hit);
    await ask(url, 'mutation { rename(to: "New") }');
    expect((await ask(url, shops)).body.data).toMatchObject({ shops: [{ name: 'New' }] });
  });
});
