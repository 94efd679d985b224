import type { Dialect, Driver } from 'kysely';
import { type LimitNode, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import { openSqliteFile, type SqliteFile } from '../connections/sqlite-file.ts';
import { QueueingDriver } from './queueing-driver.ts';
import { StatementCache } from './statement-cache.ts';
import type { TableListener } from './table-listener.ts';
import { watchSqlite } from './tracking/sqlite-changes.ts';
import { loadSqliteRelations } from './tracking/sqlite-relations.ts';
import { TrackingDriver } from './tracking/tracking-driver.ts';

const busyTimeoutMs = 5000;

/**
 * Kysely's dialect for the file that `sqlite:PATH` names, with transactions that may race with other processes.
 * A listener is told also of what others do to the file, once that has been noticed.
 * @throws Error when the file cannot be opened or is not a database; it names the value and what is accepted.
 */
export function sqliteDialect(url: string, listener?: TableListener): Dialect {
  const database = openFile(url);
  return {
    createAdapter: () => new FileAdapter(),
    createDriver: () => driverFor(database, listener),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new RepeatableQueryCompiler(),
  };
}

function driverFor(database: SqliteFile, listener: TableListener | undefined): Driver {
  const driver = new QueueingDriver({ database: new StatementCache(database) });
  if (listener === undefined) return driver;
  return new TrackingDriver(driver, {
    listener,
    loadRelations: loadSqliteRelations,
    watch: database.memory ? undefined : (changed) => watchSqlite(database, changed),
  });
}

class FileAdapter extends SqliteAdapter {
  /** The driver sees to it that the one connection there is does one thing at a time. */
  override get supportsMultipleConnections(): boolean {
    return true;
  }

  /** Makes Kysely migrate within one transaction, which is then also the lock between two processes that migrate. */
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** Kysely's compiler, for statements that are prepared once and run with other values again and again. */
class RepeatableQueryCompiler extends SqliteQueryCompiler {
  /**
   * A bare parameter after `limit` has SQLite prepare a statement anew each time that it is run, to plan it for the
   * value. The sign keeps the value, and the plan.
   */
  protected override visitLimit(node: LimitNode): void {
    this.append('limit +');
    this.visitNode(node.limit);
  }
}

function openFile(url: string): SqliteFile {
  try {
    const database = openSqliteFile(url.slice('sqlite:'.length), busyTimeoutMs);
    database.pragma('foreign_keys = ON');
    return database;
  } catch (error) {
    throw unusable(url, error instanceof Error ? error.message : String(error), error);
  }
}

function unusable(url: string, reason: string, cause?: unknown): Error {
  const accepted =
    'sqlite:PATH, where PATH is a database file or one that can be created, and sqlite::memory:';
  return new Error(`The database "${url}" cannot be opened: ${reason}. Accepted are ${accepted}.`, { cause });
}
