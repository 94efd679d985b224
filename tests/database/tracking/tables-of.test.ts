import { describe, expect, it } from 'vitest';
import { anyRead, anything, db, tables, tablesUnknowing } from './letters.ts';

describe('a built query', () => {
  it('that compares with a column by "in" may read a table of that name', () => {
    const query = db
      .selectFrom('a')
      .select('id')
      .where('id', 'in', (eb) => eb.ref('b.id' as 'id'));
    expect(tables(query)).toEqual(anyRead);
  });

  it('does not take values for nodes', () => {
    const value = { kind: 'TableNode', table: { identifier: { name: 'b' } } };
    const query = db.updateTable('a').set({ name: value as unknown as string });
    expect(tables(query)).toEqual({ reads: ['a'], writes: ['a'] });
  });

  it('merges into its target and reads that and the rest', () => {
    const query = db
      .mergeInto('a as target')
      .using('b as source', 'source.id', 'target.id')
      .whenMatched()
      .thenDelete();
    const merged = { reads: ['a', 'b'], writes: ['a'] };
    expect(tables(query)).toEqual(merged);
    const keeping = db.mergeInto('a').using('b', 'b.id', 'a.id').whenMatched();
    expect(tables(keeping.thenDoNothing())).toEqual(merged);
    expect(tables(keeping.thenUpdateSet({ name: 'x' }))).toEqual(merged);
  });

  it('writes all targets, however deep, in whatever case', () => {
    const query = db
      .with('x', (q) => q.deleteFrom('b').returning('id'))
      .insertInto('mixed' as 'c')
      .columns(['id'])
      .expression((eb) => eb.selectFrom('x').select('x.id'));
    expect(tables(query)).toEqual({ reads: ['b', 'mixed', 'x'], writes: ['b', 'mixed'] });
    expect(tables(db.deleteFrom('MIXED' as 'a'))).toEqual({ reads: ['mixed'], writes: ['mixed'] });
  });

  it('locks what it reads', () => {
    const query = db.selectFrom('a as x').select('id').forUpdate('x').skipLocked();
    expect(tables(query)).toEqual({ reads: ['a'], writes: [] });
  });

  it('on a table that is not known does what cannot be told', () => {
    expect(tables(db.selectFrom('new').select('id'))).toEqual(anyRead);
    expect(tables(db.deleteFrom('new'))).toEqual(anything);
    expect(tables(db.selectFrom('new as a').select('id'))).toEqual(anyRead);
  });

  it('that calls a routine does what cannot be told', () => {
    const calling = (name: string) => db.selectFrom('a').select((eb) => eb.fn<number>(name, ['id']).as('x'));
    expect(tables(calling('lower'))).toEqual({ reads: ['a'], writes: [] });
    expect(tables(calling('looks'))).toEqual(anyRead);
    expect(tables(calling('changes'))).toEqual(anything);
    expect(tables(calling('other.f'))).toEqual(anything);
    expect(tables(db.selectFrom('a').select((eb) => eb.fn.agg<number>('looks', ['id']).as('x')))).toEqual(
      anyRead,
    );
  });

  it('does what cannot be told while nothing is known of the tables, but writes nothing if it is plain', () => {
    expect(tablesUnknowing(db.selectFrom('a').select('id'))).toEqual(anyRead);
    expect(tablesUnknowing(db.deleteFrom('a'))).toEqual(anything);
    expect(tablesUnknowing(db.selectNoFrom((eb) => eb.fn<number>('f', []).as('x')))).toEqual(anything);
  });

  it('that names a column like a routine, and its table, may call that routine', () => {
    const selecting = (column: string) => tables(db.selectFrom('a').select(column as 'id'));
    expect(selecting('a.looks')).toEqual(anyRead);
    expect(selecting('a.LOOKS as id')).toEqual(anyRead);
    expect(selecting('a.changes')).toEqual(anything);
    expect(tables(db.deleteFrom('a').returning('a.changes' as 'id'))).toEqual(anything);
    expect(
      tables(
        db
          .selectFrom('a')
          .selectAll('a')
          .orderBy('a.looks' as 'id'),
      ),
    ).toEqual(anyRead);
  });

  it('that names anything else like a routine does not call it', () => {
    const plain = { reads: ['a'], writes: [] };
    expect(tables(db.selectFrom('a').select('looks' as 'id'))).toEqual(plain);
    expect(tables(db.selectFrom('a').select('a.id as changes'))).toEqual(plain);
    expect(tables(db.selectFrom('a as changes').select('changes.id'))).toEqual(plain);
    const change = { changes: 'x' } as unknown as { name: string };
    expect(tables(db.updateTable('a').set(change))).toEqual({ reads: ['a'], writes: ['a'] });
  });

  it('that defines tables writes what cannot be told', () => {
    expect(tables(db.schema.createTable('x').addColumn('id', 'integer'))).toMatchObject({
      writes: 'unknown',
    });
    expect(tables(db.schema.dropView('v'))).toMatchObject({ writes: 'unknown' });
  });
});
