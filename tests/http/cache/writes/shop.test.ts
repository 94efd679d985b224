import { describe, expect, it } from 'vitest';
import { createApiKey, hashApiKey } from '../../../../src/caller/api-key.ts';
import { insertApiKey } from '../../../../src/database/api-keys.ts';
import { cacheStatus, hit, isHit, stored } from '../../../support/cache-status.ts';
import { ask, askAll, askByGet, codes } from '../../../support/client.ts';
import { describeEngines } from '../../../support/describe-engines.ts';
import { cachedShop } from '../../../support/fixtures/cached-shop.ts';
import { ada, createUser, grace, login, signUp } from '../../../support/people.ts';

const users = '{ users { name } }';
const products = '{ products { name price } }';

/** What holds the first user, or the place where the first user will be. */
const userQueries: readonly (readonly [query: string, data: object])[] = [
  [users, { users: [{ name: 'Ada' }] }],
  ['{ people: users { called: name } }', { people: [{ called: 'Ada' }] }],
  ['{ user(id: "1") { name } }', { user: { name: 'Ada' } }],
  ['{ a: user(id: 1) { id: name } }', { a: { id: 'Ada' } }],
  ['{ user(id: "1") { __typename } }', { user: { __typename: 'User' } }],
  ['query Q { ...F } fragment F on Query { users(first: 5) { id } }', { users: [{ id: '1' }] }],
  ['{ user(id: "9") { name } users { id } }', { user: null, users: [{ id: '1' }] }],
];

const productQueries = [
  products,
  '{ all: products(first: 500) { called: name } }',
  '{ product(id: 1) { name price } }',
  '{ searchProducts(query: "butter") { id } }',
  '{ popularProducts { name } newProducts { id } }',
  '{ users { id } roleBasedProducts { price } }',
];

describeEngines((start) => {
  describe('a write that is seen at once', () => {
    it.each(userQueries)('is that of a new user: %s', async (query, data) => {
      const { url } = await start();
      await ask(url, query);
      expect(cacheStatus(await ask(url, query))).toBe(hit);
      await createUser(url, ada);
      const reply = await ask(url, query);
      expect([cacheStatus(reply), reply.body]).toEqual([stored, { data }]);
    });

    it.each([
      [
        'new',
        'createProduct(input: { name: "Butter Biscuits", price: 1 }) { id }',
        { product: 'Amul Butter' },
      ],
      [
        'changed',
        'updateProduct(id: 1, input: { name: "Butter", price: 1.5 }) { __typename }',
        { product: 'Butter' },
      ],
      ['removed, which returns no object,', 'deleteProduct(id: 1)', { product: undefined }],
    ])('is that of a %s product', async (_title, mutation, { product }) => {
      const { url, by } = await start(cachedShop());
      for (const query of productQueries) await ask(url, query);
      for (const query of productQueries) expect(isHit(await ask(url, query))).toBe(true);
      expect((await ask(url, `mutation { ${mutation} }`, { headers: by.chief })).body.errors).toBeUndefined();
      for (const query of productQueries) {
        const { headers, body } = await ask(url, query);
        expect(headers.get('cache-status')).not.toContain('hit');
        // The same under another name, which no answer has been kept for.
        expect(body.data).toEqual((await ask(url, `query Anew ${query}`)).body.data);
      }
      const { body } = await ask(url, '{ product(id: 1) { name } }');
      expect(body.data).toEqual({ product: product === undefined ? null : { name: product } });
    });

    it('is seen by anyone, however they ask', async () => {
      const { url, by } = await start(cachedShop());
      const asAda = await signUp(url, ada);
      const everyone = [{}, asAda, by.chief];
      for (const headers of everyone) await ask(url, users, { headers });
      await createUser(url, grace);
      const expected = { users: [{ name: 'Ada' }, { name: 'Grace' }] };
      for (const headers of everyone) {
        expect((await askByGet(url, { query: users }, headers)).body.data).toEqual(expected);
        expect((await ask(url, users, { headers })).body.data).toEqual(expected);
      }
      expect(await askAll(url, [users, users])).toEqual([{ data: expected }, { data: expected }]);
    });

    it('is seen after a batch that holds it, and after a mutation of which another part failed', async () => {
      const { url, by } = await start(cachedShop());
      const create = (name: string): string => `createProduct(input: { name: "${name}", price: 1 }) { id }`;
      const last = '{ newProducts { name } }';
      const newest = async (): Promise<unknown> => {
        const { body } = await ask(url, last);
        return (body.data?.['newProducts'] as { name: string }[])[0]?.name;
      };
      await newest();
      await askAll(url, [last, `mutation { ${create('Ghee')} }`, last], by.chief);
      expect(await newest()).toBe('Ghee');
      const half = `mutation { good: ${create('Salt')} bad: ${create('')} }`;
      const { body } = await ask(url, half, { headers: by.chief });
      expect([codes(body), body.data]).toMatchObject([['BAD_USER_INPUT'], { bad: null }]);
      expect(await newest()).toBe('Salt');
    });

    it('is a write of a job that has nothing to do with GraphQL, also for PRIVATE answers', async () => {
      const { url, db } = await start();
      const [me, count] = ['{ me { name } }', '{ users { id } }'];
      const asAda = await signUp(url, ada);
      for (const query of [me, count]) await ask(url, query, { headers: asAda });
      expect(isHit(await ask(url, me, { headers: asAda }))).toBe(true);
      await db.updateTable('users').set({ name: 'Lady Lovelace' }).where('id', '=', 1).execute();
      expect((await ask(url, me, { headers: asAda })).body.data).toEqual({ me: { name: 'Lady Lovelace' } });
      await db.deleteFrom('users').execute();
      expect((await ask(url, me, { headers: asAda })).status).toBe(401);
      expect((await ask(url, count)).body.data).toEqual({ users: [] });
    });
  });

  describe('answers stay', () => {
    it('when somebody signs in, or fails to', async () => {
      const { url } = await start();
      await createUser(url, ada);
      await ask(url, users);
      expect((await login(url, ada)).body.errors).toBeUndefined();
      expect(codes((await login(url, { ...ada, password: 'wrong' })).body)).toEqual(['UNAUTHENTICATED']);
      expect(cacheStatus(await ask(url, users))).toBe(hit);
    });

    it('when a write is refused before it is done', async () => {
      const { url } = await start(cachedShop());
      for (const query of [users, products]) await ask(url, query);
      expect(codes((await createUser(url, { ...ada, email: 'ada' })).body)).toEqual(['BAD_USER_INPUT']);
      const create = 'mutation { createProduct(input: { name: "Ghee", price: 1 }) { id } }';
      expect(codes((await ask(url, create)).body)).toEqual(['FORBIDDEN']);
      expect(codes((await ask(url, 'mutation { deleteProduct(id: 1) }')).body)).toEqual(['FORBIDDEN']);
      for (const query of [users, products]) expect(cacheStatus(await ask(url, query))).toBe(hit);
    });

    it('when limits deny the write', async () => {
      const { url } = await start({ env: { RATE_LIMITS: '{"Mutation.createUser":"1 per hour"}' } });
      await createUser(url, ada);
      await ask(url, users);
      expect(codes((await createUser(url, grace)).body)).toEqual(['RATE_LIMITED']);
      expect(cacheStatus(await ask(url, users))).toBe(hit);
    });

    it('when other tables are written: API keys do not concern users, nor users products', async () => {
      const { url, clock, db } = await start(cachedShop());
      for (const query of [users, products]) await ask(url, query);
      const keyHash = hashApiKey(createApiKey());
      await insertApiKey(db, { name: 'one', keyHash, tiers: [], createdAt: new Date(clock.now()) });
      expect(cacheStatus(await ask(url, users))).toBe(hit);
      await createUser(url, ada);
      expect(cacheStatus(await ask(url, products))).toBe(hit);
      expect(cacheStatus(await ask(url, users))).toBe(stored);
    });
  });

  it('shows the right users after an account that there is already was refused', async () => {
    const { url } = await start();
    await createUser(url, ada);
    await ask(url, users);
    expect(codes((await createUser(url, { ...grace, email: 'ADA@example.com' })).body)).toEqual(['CONFLICT']);
    expect((await ask(url, users)).body).toEqual({ data: { users: [{ name: 'Ada' }] } });
  });
});
