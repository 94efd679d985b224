import { openSqliteFile, type SqliteFile } from '../../../connections/sqlite-file.ts';
import type { Clock } from '../../../util/clock.ts';
import { AnswerRows } from './answer-rows.ts';
import { InvalidationRows } from './invalidation-rows.ts';

/**
 * What the file holds, under names that processes of several versions share. Times are milliseconds since the epoch. An answer has `valid_after`: it is newer than the
 * invalidation of that number, and than all before that. What was invalidated is not looked for: whoever finds an
 * answer compares.
 */
const tables = `
  create table if not exists answer_state (
    id integer primary key check (id = 1),
    -- The number of the last invalidation.
    sequence integer not null,
    -- Invalidations up to this number may have been forgotten.
    floor integer not null,
    -- No answer that was ever stored is of use after this.
    lives_until real not null,
    -- What the answers take, and how many invalidations are remembered.
    bytes integer not null,
    drops integer not null
  ) strict;
  insert or ignore into answer_state values (1, 0, 0, 0, 0, 0);

  create table if not exists answers (
    -- Grows in the order of storing.
    id integer primary key,
    key text not null unique,
    encoding integer not null,
    body blob not null,
    etag text not null,
    stored_at real not null,
    fresh_until real not null,
    stale_until real not null,
    error_until real not null,
    tags text not null,
    valid_after integer not null,
    expires real not null,
    bytes integer not null
  ) strict;
  create index if not exists answers_by_expiry on answers (expires);

  create table if not exists answer_drops (
    tag text primary key,
    sequence integer not null,
    expires real not null
  ) strict, without rowid;
  create index if not exists answer_drops_by_sequence on answer_drops (sequence);
`;

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

/**
 * Creates what is not there yet.
 * @throws Error when the file is locked, cannot be written or is not a database
 */
function createTables(file: SqliteFile): void {
  file.transaction(() => file.exec(tables)).immediate();
}
