import { describe, expect, it } from 'vitest';
import { admin, codes, openShop, stranger, user } from './open-shop.ts';
import {
  CreateProductDocument,
  DeleteProductDocument,
  ProductDocument,
  ProductsDocument,
  RankedProductsDocument,
  RoleBasedProductsDocument,
  SearchProductsDocument,
  UpdateProductDocument,
} from './operations.generated.ts';

const butter = { id: '1', name: 'Amul Butter', price: 50 };
const tea = { id: '2', name: 'Tata Tea', price: 200 };
const biscuits = { id: '3', name: 'Parle-G Biscuits', price: 10 };
const noIds = ['0', '-1', '01', ' 1', '1.0', 'abc', '', '4', '99999999999999999999'];

describe('products', () => {
  it('are those of the sample at first, by id', async () => {
    const api = await openShop();
    const { data } = await api.run(ProductsDocument, {});
    expect(data?.products).toEqual([butter, tea, biscuits]);
    expect((await api.run(RoleBasedProductsDocument, {})).data?.roleBasedProducts).toEqual(data?.products);
  });

  it('come page by page', async () => {
    const api = await openShop();
    const page = async (after?: string) =>
      (await api.run(ProductsDocument, { first: 2, ...(after && { after }) })).data?.products;
    expect([await page(), await page('2'), await page('3')]).toEqual([[butter, tea], [biscuits], []]);
  });

  it.each([0, 501])('cannot be %d on a page', async (first) => {
    const { errors } = await (await openShop()).run(ProductsDocument, { first });
    expect(codes(errors)).toEqual(['BAD_USER_INPUT']);
  });

  it('may be asked for 5 times a minute', async () => {
    const api = await openShop();
    for (let n = 0; n < 5; n += 1)
      expect((await api.run(ProductsDocument, {}, stranger(0))).errors).toEqual([]);
    const { data, errors } = await api.run(ProductsDocument, {}, stranger(0));
    expect(data).toEqual({ products: null });
    expect(codes(errors)).toEqual(['RATE_LIMITED']);
  });

  it('are ranked by how many were sold, or by how new they are', async () => {
    const { data } = await (await openShop()).run(RankedProductsDocument, {});
    expect(data?.popularProducts?.map(({ name }) => name)).toEqual([butter.name, tea.name]);
    expect(data?.newProducts?.map(({ name }) => name)).toEqual([biscuits.name, tea.name, butter.name]);
  });

  it('that are ranked may be asked for 20 times a minute, in both ways together', async () => {
    const api = await openShop();
    for (let n = 0; n < 10; n += 1)
      expect((await api.run(RankedProductsDocument, {}, stranger(0))).errors).toEqual([]);
    const { errors } = await api.run(RankedProductsDocument, {}, stranger(0));
    expect(codes(errors)).toEqual(['RATE_LIMITED', 'RATE_LIMITED']);
  });
});

describe('product', () => {
  it('finds a product by id', async () => {
    const { data } = await (await openShop()).run(ProductDocument, { id: '2' });
    expect(data).toEqual({ product: tea });
  });

  it.each(noIds)('is null with an error for an id that none has: %j', async (id) => {
    const { data, errors } = await (await openShop()).run(ProductDocument, { id });
    expect(data).toEqual({ product: null });
    expect(errors.map(({ message, path }) => [message, path])).toEqual([['Product not found', ['product']]]);
    expect(codes(errors)).toEqual(['NOT_FOUND']);
  });
});

describe('searchProducts', () => {
  it.each([
    ['tea', [tea]],
    ['TEA', [tea]],
    [' tata ', [tea]],
    ['t', [butter, tea, biscuits]],
    ['%', []],
    ['_', []],
    ['parle-g', [biscuits]],
    ["' or 1=1 --", []],
    ['x'.repeat(100), []],
  ])('finds by any part of the name, in any case: %j', async (query, found) => {
    const { data } = await (await openShop()).run(SearchProductsDocument, { query });
    expect(data?.searchProducts).toEqual(found);
  });

  it.each([
    ['', 'Must not be empty.'],
    ['  ', 'Must not be empty.'],
    ['x'.repeat(101), 'Must have at most 100 characters.'],
    ['te\0a', 'Must not contain control characters.'],
  ])('does not take the text %j', async (query, problem) => {
    const { errors } = await (await openShop()).run(SearchProductsDocument, { query });
    expect(errors[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', fields: { query: [problem] } });
  });
});

describe('a product', () => {
  it('can be created, changed and removed by administrators', async () => {
    const api = await openShop();
    const created = await api.run(CreateProductDocument, { input: { name: ' Jam ', price: 3.5 } }, admin);
    expect(created.data?.createProduct).toEqual({ id: '4', name: 'Jam', price: 3.5 });
    const input = { name: 'Plum jam', price: 4.25 };
    const updated = await api.run(UpdateProductDocument, { id: '4', input }, admin);
    expect(updated.data?.updateProduct).toEqual({ id: '4', ...input });
    expect((await api.run(SearchProductsDocument, { query: 'PLUM' })).data?.searchProducts).toHaveLength(1);
    expect((await api.run(DeleteProductDocument, { id: '4' }, admin)).data).toEqual({ deleteProduct: true });
    expect(codes((await api.run(ProductDocument, { id: '4' })).errors)).toEqual(['NOT_FOUND']);
  });

  it.each(noIds)('that there is not cannot be changed or removed: %j', async (id) => {
    const api = await openShop();
    const updated = await api.run(UpdateProductDocument, { id, input: { name: 'Jam', price: 1 } }, admin);
    const deleted = await api.run(DeleteProductDocument, { id }, admin);
    expect([updated.data, deleted.data]).toEqual([{ updateProduct: null }, { deleteProduct: null }]);
    expect([updated, deleted].map(({ errors }) => errors[0]?.message)).toEqual([
      'Product not found',
      'Product not found',
    ]);
  });

  it('cannot be created, changed or removed by others, who are not told what else is wrong', async () => {
    const api = await openShop();
    const input = { name: '', price: -1 };
    for (const caller of [stranger(0), user('1'), { ...admin, tiers: ['PAID'] }]) {
      const results = [
        await api.run(CreateProductDocument, { input }, caller),
        await api.run(UpdateProductDocument, { id: '99', input }, caller),
        await api.run(DeleteProductDocument, { id: '99' }, caller),
      ];
      expect(results.flatMap(({ errors }) => codes(errors))).toEqual(Array(3).fill('FORBIDDEN'));
    }
    expect((await api.run(ProductsDocument, {})).data?.products).toHaveLength(3);
  });

  it.each([0, 0.01, 0.1, 0.29, 1.1, 19.99, 4.35, 1_000_000])('can cost %d', async (price) => {
    const api = await openShop();
    const { data } = await api.run(CreateProductDocument, { input: { name: 'Jam', price } }, admin);
    expect(data?.createProduct?.price).toBe(price);
    expect((await api.run(ProductDocument, { id: '4' })).data?.product?.price).toBe(price);
  });

  it.each([
    [-0.01, ['Must not be negative.']],
    [1_000_000.01, ['Must be at most 1,000,000.']],
    [1e300, ['Must be at most 1,000,000.']],
    [0.001, ['Must have at most two decimals.']],
    [0.1 + 0.2, ['Must have at most two decimals.']],
    [1.005, ['Must have at most two decimals.']],
    [-0.001, ['Must not be negative.', 'Must have at most two decimals.']],
  ])('cannot cost %d', async (price, problems) => {
    const api = await openShop();
    const { errors } = await api.run(CreateProductDocument, { input: { name: 'Jam', price } }, admin);
    expect(errors[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', fields: { price: problems } });
  });

  it('has a name of 1 to 200 characters', async () => {
    const api = await openShop();
    const create = async (name: string) =>
      api.run(CreateProductDocument, { input: { name, price: 1 } }, admin);
    expect((await create('x'.repeat(200))).errors).toEqual([]);
    for (const name of ['', ' ', 'x'.repeat(201), 'a\tb'])
      expect(codes((await create(name)).errors)).toEqual(['BAD_USER_INPUT']);
  });

  it('keeps as it was when a change is not valid', async () => {
    const api = await openShop();
    const input = { name: '', price: -1 };
    const { errors } = await api.run(UpdateProductDocument, { id: '1', input }, admin);
    expect(errors[0]?.extensions).toEqual({
      code: 'BAD_USER_INPUT',
      fields: { name: ['Must not be empty.'], price: ['Must not be negative.'] },
    });
    expect((await api.run(ProductDocument, { id: '1' })).data?.product).toEqual(butter);
  });
});
