import type { SqliteFile, SqliteStatement } from '../../connections/sqlite-file.ts';

const intervalMs = 250;

/**
 * Calls back when another connection, of this process or another, has committed to a SQLite file; at the latest after
 * 250 ms. The returned function ends it. (https://sqlite.org/pragma.html#pragma_data_version)
 */
export function watchSqlite(database: SqliteFile, changed: () => void): () => void {
  const statement = database.prepare<[], number>('pragma data_version').pluck();
  let version = statement.get();
  const timer = setInterval(() => {
    const now = versionNow(statement) ?? version;
    if (now === version) return;
    version = now;
    changed();
  }, intervalMs);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}

/** Undefined when it cannot be asked for right now; it can later, or the database is closed. */
function versionNow(statement: SqliteStatement<[], number>): number | undefined {
  try {
    return statement.get();
  } catch {
    return undefined;
  }
}
