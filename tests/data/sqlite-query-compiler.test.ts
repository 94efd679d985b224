import SqliteFile from 'better-sqlite3';
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, sql, type ExpressionBuilder } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { RepeatableQueryCompiler } from '../../src/data/sqlite-query-compiler.ts';

interface Tables {
  teas: { id: number };
}

const db = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (all) => new SqliteIntrospector(all),
    createQueryCompiler: () => new RepeatableQueryCompiler(),
  },
});

const file = new SqliteFile(':memory:');
file.exec('create table teas (id integer primary key); insert into teas values (1), (2), (3), (4)');
afterAll(() => file.close());

const firstTeas = db.selectFrom('teas').select('id').orderBy('id');
const two = (eb: ExpressionBuilder<Tables, 'teas'>) => eb.selectFrom('teas').select('id').where('id', '=', 2);

test.each([
  ['a number', firstTeas.limit(2), [1, 2]],
  ['a number and an offset', firstTeas.limit(2).offset(1), [2, 3]],
  ['a query', firstTeas.limit(two), [1, 2]],
  ['SQL', firstTeas.limit(sql<number>`1 + 1`), [1, 2]],
  ['a negative number, which is none', firstTeas.limit(sql<number>`-1`), [1, 2, 3, 4]],
])('a limit that is %s counts for what it is', (_what, query, ids) => {
  const { sql: text, parameters } = query.compile();
  expect(
    file
      .prepare(text)
      .pluck()
      .all(...parameters),
  ).toEqual(ids);
});

test('a limit is no bare parameter, for whose value SQLite would plan the statement anew', () => {
  expect(firstTeas.limit(2).compile()).toMatchObject({
    sql: 'select "id" from "teas" order by "id" limit +?',
    parameters: [2],
  });
});
