import type { Compilable, CompiledQuery, DialectAdapter } from 'kysely';
import type { Database } from './database.ts';

/** Runs a query with values and returns its rows. */
export type RunQuery<Tables, Values extends readonly unknown[], Row> = (
  db: Database<Tables>,
  ...values: Values
) => Promise<Row[]>;

/**
 * A query that is built and compiled when it first runs on a database, and from then on only gets its values, within
 * transactions too. What builds it is called without them: it may put them into the query, and must not look at them.
 *
 * @example
 * ```ts
 * import { compileOnce, type Database } from 'sluice';
 *
 * interface Tables {
 *   notes: { id: number; text: string };
 * }
 *
 * const find = compileOnce((db: Database<Tables>, id: number) =>
 *   db.selectFrom('notes').select('text').where('id', '=', id),
 * );
 *
 * export async function noteText(db: Database<Tables>, id: number): Promise<string | undefined> {
 *   return (await find(db, id))[0]?.text;
 * }
 * ```
 */
export function compileOnce<Tables, Values extends readonly unknown[], Row>(
  build: (db: Database<Tables>, ...values: Values) => Compilable<Row>,
): RunQuery<Tables, Values, Row> {
  // A database and its transactions have the adapter in common, and the compiler with it.
  const compiled = new WeakMap<DialectAdapter, CompiledQuery<Row>>();
  const compile = (db: Database<Tables>, values: Values): CompiledQuery<Row> => {
    const placeholders = values.map((_, index) => new Placeholder(index));
    return build(db, ...(placeholders as readonly unknown[] as Values)).compile();
  };
  return async (db, ...values) => {
    const { adapter, plugins } = db.getExecutor();
    // Plugins change queries, and are not shared by whoever shares the adapter.
    if (plugins.length > 0) return (await db.executeQuery(build(db, ...values))).rows;
    let query = compiled.get(adapter);
    if (query === undefined) compiled.set(adapter, (query = compile(db, values)));
    return (await db.executeQuery(withValues(query, values))).rows;
  };
}

/** Stands in a compiled query for a value that it does not have yet. */
class Placeholder {
  readonly index: number;

  constructor(index: number) {
    this.index = index;
  }
}

function withValues<Row>(
  { query, queryId, sql, parameters }: CompiledQuery<Row>,
  values: readonly unknown[],
): CompiledQuery<Row> {
  const filled = parameters.map((parameter) =>
    parameter instanceof Placeholder ? values[parameter.index] : parameter,
  );
  // The node stays the same object: what is known of it need not be found out again.
  return { query, queryId, sql, parameters: filled };
}
