import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { makeOwnFile, makeOwnFolder } from '../util/own-files.ts';

/** A SQLite file, or one in memory, which other processes may have open as well. */
export type SqliteFile = Sqlite.Database;
export type SqliteStatement<Parameters extends unknown[], Row> = Sqlite.Statement<Parameters, Row>;

/**
 * Opens `PATH` or `:memory:`, and creates it with its folders where need be. It is for its owner alone from then on.
 * @param busyTimeoutMs how long to wait for the locks of other processes, which nothing else in this process can use
 * @throws Error when it cannot be opened or is not a database
 */
export function openSqliteFile(path: string, busyTimeoutMs: number): SqliteFile {
  // An empty path would be a temporary database, and `//` is a host that a file does not have.
  if (path.trim() === '' || path.startsWith('//')) throw new Error('it names no file');
  // The driver leaves out blanks around a name.
  const name = path.trim();
  if (name !== ':memory:') {
    makeOwnFolder(dirname(name));
    // SQLite gives the files beside it, of the log and of its index, what this one has.
    makeOwnFile(name);
  }
  const database = new Sqlite(name, { timeout: busyTimeoutMs });
  try {
    switchToWal(database);
    database.pragma('synchronous = NORMAL');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Whether an error says that another process has the lock. */
export function isBusy(error: unknown): boolean {
  return error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

/** Switching needs the file for itself, and fails at once, without the busy timeout, when others switch as well. */
function switchToWal(database: SqliteFile, attempts = 5): void {
  try {
    database.pragma('journal_mode = WAL');
  } catch (error) {
    if (attempts === 1 || !isBusy(error)) throw error;
    // This one does wait, until the others have done.
    database.exec('begin exclusive; rollback');
    switchToWal(database, attempts - 1);
  }
}
