import {
  type Compilable,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely';
import { mentionsIn } from '../../../src/database/tracking/collect-mentions.ts';
import { type Relations, relationsOf } from '../../../src/database/tracking/relations.ts';
import { tablesOf } from '../../../src/database/tracking/tables-of.ts';
import { type Told, told } from '../recorder.ts';

export interface Row {
  id: number;
  name: string;
}
type Schema = Record<'a' | 'b' | 'c' | 'v' | 'new', Row>;

/** Makes queries that are never run. */
export const db = new Kysely<Schema>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (kysely) => new PostgresIntrospector(kysely),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

const relations = relationsOf([
  ...['a', 'b', 'c', 'Mixed'].map((name) => ({ kind: 'table', name, other: null }) as const),
  { kind: 'opaque', name: 'v', other: null },
  { kind: 'routine', name: 'looks', other: null },
  { kind: 'writer', name: 'changes', other: null },
]);

/** What a query does, where there are the tables a, b, c and mixed, a view and two routines, of which one writes. */
export function tables(query: Compilable): { reads: Told; writes: Told } {
  return doneBy(query, relations);
}

/** The same while nothing is known of the tables there are. */
export function tablesUnknowing(query: Compilable): { reads: Told; writes: Told } {
  return doneBy(query, undefined);
}

function doneBy(query: Compilable, known: Relations | undefined): { reads: Told; writes: Told } {
  const compiled = query.compile();
  const { reads, writes } = tablesOf(mentionsIn(compiled.query, compiled.sql), known);
  return { reads: told(reads), writes: told(writes) };
}

export const anyRead = { reads: 'unknown', writes: [] };
export const anything = { reads: 'unknown', writes: 'unknown' };
