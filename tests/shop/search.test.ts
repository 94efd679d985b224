import { expect, it } from 'vitest';
import { insertProduct, searchProducts, updateProduct } from '../../src/shop/queries/products.ts';
import { describeDatabases } from '../support/databases/describe-databases.ts';

const names = [
  'Amul Butter',
  'Tata Tea',
  '100% Juice',
  '100 Juices',
  'snake_case',
  'snakeXcase',
  'back\\slash',
  String.raw`wild\%card`,
  'Crème Brûlée',
  'ÅNGSTRÖM',
  'ΠΡΟΣΦΟΡΑ ΛΟΓΟΣ',
  'Ｗｉｄｅ ｔｅａ',
  'straße',
];

describeDatabases(({ open }) => {
  const search = async (text: string): Promise<string[]> => {
    const db = await open();
    for (const name of names) await insertProduct(db, { name, price_cents: 1 });
    return (await searchProducts(db, text)).map((product) => product.name);
  };

  it.each([
    ['TE', ['Amul Butter', 'Tata Tea', 'Ｗｉｄｅ ｔｅａ']],
    ['  butter ', ['Amul Butter']],
    ['%', ['100% Juice', String.raw`wild\%card`]],
    ['100%', ['100% Juice']],
    ['_', ['snake_case']],
    ['snake_case', ['snake_case']],
    ['\\', ['back\\slash', String.raw`wild\%card`]],
    ['\\%', [String.raw`wild\%card`]],
    ['%%', []],
    ["' or 1=1 --", []],
    ['CRÈME brûlée', ['Crème Brûlée']],
    ['CRE\u0300ME', ['Crème Brûlée']],
    ['ångström', ['ÅNGSTRÖM']],
    ['ΠΡΟΣ', ['ΠΡΟΣΦΟΡΑ ΛΟΓΟΣ']],
    ['λογος', ['ΠΡΟΣΦΟΡΑ ΛΟΓΟΣ']],
    ['wide', ['Ｗｉｄｅ ｔｅａ']],
    ['STRAßE', ['straße']],
    ['\0tata', ['Tata Tea']],
    ['nothing', []],
  ])('finds by %j what contains it', async (text, found) => {
    expect(await search(text)).toEqual(found);
  });

  it('finds at most 100, by id', async () => {
    const db = await open();
    for (let n = 1; n <= 101; n += 1) await insertProduct(db, { name: `Tea ${n}`, price_cents: 1 });
    const found = await searchProducts(db, 'tea');
    expect(found.map((product) => product.id)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  });

  it('finds a product by its new name once it is changed', async () => {
    const db = await open();
    const { id } = await insertProduct(db, { name: 'Tata Tea', price_cents: 1 });
    await updateProduct(db, id, { name: 'Coffee', price_cents: 1 });
    expect(await searchProducts(db, 'tea')).toEqual([]);
    expect(await searchProducts(db, 'coffee')).toHaveLength(1);
  });
});
