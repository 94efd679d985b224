import type { SqliteDatabase, SqliteStatement } from 'kysely';
import { LRUCache } from 'lru-cache';

const maxStatements = 200;

// SQLite prepares these anew by itself when the tables that they name have changed. Others, such as pragmas, may have
// an effect already when they are prepared.
const repeatable = /^\s*(?:select|insert|update|delete|with|begin|commit|rollback)\b/i;

/** A SQLite file that prepares a statement once for all the times that it is run, of the 200 that were used last. */
export class StatementCache implements SqliteDatabase {
  readonly #database: SqliteDatabase;
  readonly #statements = new LRUCache<string, SqliteStatement>({ max: maxStatements });

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  prepare(sql: string): SqliteStatement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    if (!repeatable.test(sql)) return statement;
    const kept = this.#keep(sql, statement);
    this.#statements.set(sql, kept);
    return kept;
  }

  /** Finalizes all statements. */
  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #keep(sql: string, statement: SqliteStatement): SqliteStatement {
    return {
      reader: statement.reader,
      all: (parameters) => statement.all(parameters),
      run: (parameters) => statement.run(parameters),
      // A statement cannot be run while its rows are gone through, so that gets one of its own.
      iterate: (parameters) => this.#database.prepare(sql).iterate(parameters),
    };
  }
}
