import { type ExpressionBuilder, Kysely, sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sqliteDialect } from '../../src/database/sqlite.ts';

interface Tables {
  teas: { id: number };
}

const db = new Kysely<Tables>({ dialect: sqliteDialect('sqlite::memory:') });
afterAll(() => db.destroy());

beforeAll(async () => {
  await db.schema.createTable('teas').addColumn('id', 'integer').execute();
  await db
    .insertInto('teas')
    .values([1, 2, 3, 4].map((id) => ({ id })))
    .execute();
});

const firstTeas = db.selectFrom('teas').select('id').orderBy('id');
const two = (eb: ExpressionBuilder<Tables, 'teas'>) => eb.selectFrom('teas').select('id').where('id', '=', 2);

test.each([
  ['a number', firstTeas.limit(2), [1, 2]],
  ['a number and an offset', firstTeas.limit(2).offset(1), [2, 3]],
  ['a query', firstTeas.limit(two), [1, 2]],
  ['SQL', firstTeas.limit(sql<number>`1 + 1`), [1, 2]],
  ['a negative number, which is none', firstTeas.limit(sql<number>`-1`), [1, 2, 3, 4]],
])('a limit that is %s counts for what it is', async (_what, query, ids) => {
  expect((await query.execute()).map(({ id }) => id)).toEqual(ids);
});

test('a limit is no bare parameter, for whose value SQLite would plan the statement anew', () => {
  expect(firstTeas.limit(2).compile()).toMatchObject({
    sql: 'select "id" from "teas" order by "id" limit +?',
    parameters: [2],
  });
});
