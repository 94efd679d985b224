import fc from 'fast-check';
import type { Compilable, SelectQueryBuilder } from 'kysely';
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import { it } from 'vitest';
import { mentionsIn } from '../../../src/database/tracking/collect-mentions.ts';
import { relationsOf } from '../../../src/database/tracking/relations.ts';
import { tablesOf } from '../../../src/database/tracking/tables-of.ts';

const names = ['a', 'b', 'c', 'd', 'e'] as const;
type Name = (typeof names)[number];
type Schema = Record<Name, { id: number }>;
type Select = SelectQueryBuilder<Schema, Name, { id: number }>;

const db = new Kysely<Schema>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});
const relations = relationsOf(names.map((name) => ({ kind: 'table', name, other: null })));

/** A query with the tables that it was made of. */
interface Made<Query> {
  readonly query: Query;
  readonly reads: readonly Name[];
  readonly writes: readonly Name[];
}

const name = fc.constantFrom(...names);

function from(table: Name): Made<Select> {
  return { query: db.selectFrom(table).select('id'), reads: [table], writes: [] };
}

/** Ways to make a larger select of a select and another table. Aliases and expressions are named like tables. */
const growths: Record<string, (inner: Select, table: Name, alias: Name) => Select> = {
  'where in': (inner, table) => db.selectFrom(table).select('id').where('id', 'in', inner),
  from: (inner, table, alias) =>
    db.selectFrom([table, inner.as(`${alias}_`)] as never).select('id' as never) as unknown as Select,
  join: (inner, table, alias) =>
    db
      .selectFrom(`${table} as ${alias}` as Name)
      .leftJoin(inner.as('other'), (join) => join.onTrue())
      .select('other.id' as never) as unknown as Select,
  'join a table': (inner, table, alias) =>
    inner.innerJoin(`${table} as ${alias}` as Name, (join) => join.onTrue()),
  union: (inner, table) => db.selectFrom(table).select('id').unionAll(inner),
  with: (inner, table, alias) =>
    db
      .with(alias, () => inner)
      .selectFrom(alias)
      .select('id')
      .where('id', 'in', from(table).query),
  selection: (inner, table) => db.selectFrom(table).select((eb) => eb.fn.coalesce(inner, eb.lit(1)).as('id')),
  case: (inner, table) =>
    db
      .selectFrom(table)
      .select((eb) => eb.case().when('id', '=', 1).then(inner).end().as('id')) as unknown as Select,
  order: (inner, table) =>
    db
      .selectFrom(table)
      .select('id')
      .orderBy(() => inner),
};

const select = fc
  .tuple(name, fc.array(fc.tuple(fc.constantFrom(...Object.keys(growths)), name, name), { maxLength: 5 }))
  .map(([first, steps]) =>
    steps.reduce<Made<Select>>((made, [how, table, alias]) => {
      const query = growths[how]?.(made.query, table, alias) ?? made.query;
      return { query, reads: [...made.reads, table], writes: [] };
    }, from(first)),
  );

const write = fc
  .tuple(select, name, fc.constantFrom('insert', 'update', 'delete', 'within'))
  .map(([{ query, reads }, table, how]): Made<Compilable> => {
    const queries: Record<typeof how, Compilable> = {
      insert: db.insertInto(table).columns(['id']).expression(query),
      update: db
        .updateTable(`${table} as x` as Name)
        .set({ id: 1 })
        .where('id', 'in', query),
      delete: db.deleteFrom(table).where('id', 'in', query),
      within: db
        .with('x', (q) => q.deleteFrom(table).where('id', 'in', query).returning('id'))
        .selectFrom('x')
        .select('id'),
    };
    return { query: queries[how], reads, writes: [table] };
  });

it('never misses a table that a query was made of', () => {
  fc.assert(
    fc.property(fc.oneof<fc.Arbitrary<Made<Compilable>>[]>(select, write), ({ query, reads, writes }) => {
      const { query: node, sql } = query.compile();
      const told = tablesOf(mentionsIn(node, sql), relations);
      return (
        [...reads, ...writes].every((table) => told.reads?.has(table)) &&
        writes.every((table) => told.writes?.has(table)) &&
        told.writes?.size === writes.length
      );
    }),
    { numRuns: 500 },
  );
});
