import { type RawBuilder, sql } from 'kysely';
import { jsonArrayFrom } from 'kysely/helpers/postgres';
import { describe, expect, it } from 'vitest';
import { contains } from '../../../src/shop/queries/products.ts';
import { anyRead, anything, db, type Row, tables } from './letters.ts';

const raw = (text: string) => tables({ compile: () => sql.raw(text).compile(db) });
const where = (condition: RawBuilder<boolean>) => tables(db.selectFrom('a').select('id').where(condition));

const nothing = { reads: [], writes: [] };

describe('a statement in raw SQL', () => {
  it.each(['select 1', ' (select 2)', 'values (1)', "select lower('X')", 'SELECT 1', `select "lower"('X')`])(
    'reads nothing: %s',
    (text) => {
      expect(raw(text)).toEqual(nothing);
    },
  );

  it.each([
    'select * from a',
    'with x as (select * from a) select 1',
    'select pg_advisory_lock(1)',
    "select query_to_xml('…', true, true, '')",
    'select looks()',
    'select 1 in a',
    'select U&"\\0061"',
  ])('reads what cannot be told, and writes nothing: %s', (text) => {
    expect(raw(text)).toEqual(anyRead);
  });

  it.each([
    'insert into a values (1)',
    'with x as (delete from a returning id) select id from x',
    'select * into b from a',
    'select 1; drop table a',
    'select changes()',
    'select other.looks()',
    'select "other" . "looks" ()',
    'select "bump users"()',
    'select "bump ""looks" (1)',
    'select "1looks"()',
    'begin',
    'COMMIT',
    'rollback',
    'savepoint x',
    'pragma user_version = 1',
    'vacuum',
    'explain analyze delete from a',
    '-- select\ndelete from a',
    'table a',
    'call x()',
    '',
  ])('writes what cannot be told: %s', (text) => {
    expect(raw(text)).toEqual(anything);
  });
});

describe('raw SQL within a query', () => {
  it('that names no table changes nothing', () => {
    expect(where(sql`id > ${1} and lower(name) like ${'x'}`)).toEqual({ reads: ['a'], writes: [] });
    expect(where(contains('name', 'x') as RawBuilder<boolean>)).toEqual({ reads: ['a'], writes: [] });
    expect(where(sql`id in (${sql.join([1, 2])})`)).toEqual({ reads: ['a'], writes: [] });
    expect(where(sql`"a"."id" in (${1}) and (${2} = "id") and (true)`)).toEqual({ reads: ['a'], writes: [] });
  });

  it('that names a table by a word reads it', () => {
    expect(where(sql`b.id > 1`)).toEqual({ reads: ['a', 'b'], writes: [] });
    expect(where(sql`${sql.id('mixed')} is null`)).toEqual({ reads: ['a', 'mixed'], writes: [] });
    expect(where(sql`v.id > 1`)).toEqual(anyRead);
  });

  it.each([
    sql<boolean>`id in (select id from b)`,
    sql<boolean>`id in (table b)`,
    sql<boolean>`id in b`,
    sql<boolean>`id in ${sql.table('new')}`,
    sql<boolean>`exists (select ${sql.raw('1 fr')}${sql.raw('om b')})`,
    sql<boolean>`looks(id)`,
  ])('that may name a table reads what cannot be told', (condition) => {
    expect(where(condition)).toEqual(anyRead);
  });

  it.each([
    sql<boolean>`id in (with x as (delete from b returning id) select id from x)`,
    sql<boolean>`changes(id)`,
    sql<boolean>`true; delete from b`,
    sql<boolean>`${sql.id('other', 'looks')}(id)`,
    sql<boolean>`${sql.id('bump users')} (id)`,
    sql<boolean>`"bump users"(id)`,
  ])('that may write writes what cannot be told', (condition) => {
    expect(where(condition)).toEqual(anything);
  });

  it('where a table stands reads what cannot be told, unless it is just a table', () => {
    expect(tables(db.selectFrom(sql<Row>`a`.as('x')).select('id'))).toEqual(anyRead);
    expect(tables(db.selectFrom(sql<Row>`json_each(${'[]'})`.as('x')).select('id'))).toEqual(anyRead);
    expect(tables(db.selectFrom(sql.table<Row>('a').as('x')).selectAll())).toEqual({
      reads: ['a'],
      writes: [],
    });
  });

  it('around a query that was built reads what that reads', () => {
    const inner = db.selectFrom('b').select('b.id').whereRef('b.id', '=', db.dynamic.ref('a.id'));
    const query = db.selectFrom('a').select(jsonArrayFrom(inner).as('inner'));
    expect(tables(query)).toEqual({ reads: ['a', 'b'], writes: [] });
  });
});
