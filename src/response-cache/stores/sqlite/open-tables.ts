import { openSqliteFile, type SqliteFile } from '../../../connections/sqlite-file.ts';
import type { Clock } from '../../../util/clock.ts';
import { AnswerRows } from './answer-rows.ts';
import { InvalidationRows } from './invalidation-rows.ts';
import { createTables } from './tables.ts';

/** How long to wait for other processes that start at the same time. */
const startTimeoutMs = 2000;

export interface TablesOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly maxBytes: number;
}

export interface Tables {
  readonly file: SqliteFile;
  readonly invalidations: InvalidationRows;
  readonly answers: AnswerRows;
}

/**
 * Opens the file, and creates what is not there yet.
 * @throws Error when it cannot be opened, is not a database, or is used for something else
 */
export function openTables({ path, clock, maxBytes }: TablesOptions): Tables {
  try {
    const file = openSqliteFile(path, startTimeoutMs);
    try {
      createTables(file);
      const invalidations = new InvalidationRows(file, clock);
      return { file, invalidations, answers: new AnswerRows(file, { clock, invalidations, maxBytes }) };
    } catch (error) {
      file.close();
      throw error;
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Answers cannot be kept in the SQLite file ${path}: ${reason}.`, { cause: error });
  }
}
