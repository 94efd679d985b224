import type { Kysely } from 'kysely';
import { describe, expectTypeOf, it } from 'vitest';
import { compileOnce, type Database, idColumn, type MigrationSet } from '../../src/index.ts';

interface Tables {
  notes: { id: number; text: string };
}

describe('the database of an application', () => {
  it('is Kysely with its tables', () => {
    expectTypeOf<Database<Tables>>().toEqualTypeOf<Kysely<Tables>>();
  });

  it('has queries that are compiled once take their values and give their rows', () => {
    const find = compileOnce((db: Database<Tables>, id: number) =>
      db.selectFrom('notes').select('text').where('id', '=', id),
    );
    expectTypeOf(find).parameters.toEqualTypeOf<[db: Database<Tables>, id: number]>();
    expectTypeOf(find).returns.resolves.toEqualTypeOf<{ text: string }[]>();
    // @ts-expect-error the table has no such column
    compileOnce((db: Database<Tables>) => db.selectFrom('notes').select('title'));
  });

  it('has columns of ids wherever Kysely makes tables', () => {
    const set: MigrationSet = {
      history: 'notes_migrations',
      migrations: {
        '0001_notes': {
          async up(db: Kysely<unknown>) {
            await db.schema.createTable('notes').addColumn('id', 'integer', idColumn(db)).execute();
          },
        },
      },
    };
    expectTypeOf(set).toEqualTypeOf<MigrationSet>();
  });
});
