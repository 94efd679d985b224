import type { SqliteFile, SqliteStatement } from '../../../connections/sqlite-file.ts';
import type { Bucket } from '../../store.ts';
import type { State } from '../../strategies/index.ts';
import { strategyOf } from '../../strategies/index.ts';

/** Expired buckets that go with each one that is written: more than one, so that they never pile up. */
const purgedAtOnce = 2;
/** No bucket has this key. */
const probeKey = '';
/** More than a page of the file. */
const probeBytes = 100_000;

/** The table of buckets in a SQLite file. The caller has the file's lock while it writes. */
export class SqliteTable {
  readonly #read: SqliteStatement<[string], Buffer>;
  readonly #write: SqliteStatement<[string, Buffer, number], unknown>;
  readonly #delete: SqliteStatement<[string], unknown>;
  readonly #purge: SqliteStatement<[number], unknown>;

  /** Creates the table where need be. */
  constructor(file: SqliteFile) {
    file.exec(`
      create table if not exists rate_limit_buckets (
        key text primary key, state blob not null, expires_at integer not null
      ) without rowid;
      create index if not exists rate_limit_buckets_by_expiry on rate_limit_buckets (expires_at);
    `);
    this.#read = file.prepare<[string], Buffer>('select state from rate_limit_buckets where key = ?').pluck();
    this.#write = file.prepare('replace into rate_limit_buckets values (?, ?, ?)');
    this.#delete = file.prepare('delete from rate_limit_buckets where key = ?');
    this.#purge = file.prepare(`
      delete from rate_limit_buckets where key in (
        select key from rate_limit_buckets where expires_at <= ? order by expires_at limit ${purgedAtOnce}
      )`);
  }

  read({ key }: Bucket): State | undefined {
    const bytes = this.#read.get(key);
    return bytes && decode(bytes);
  }

  /** Writes a bucket, or deletes one that is empty, and deletes a few that have expired. `now` is as elsewhere. */
  write({ key, strategy, rule }: Bucket, state: State | undefined, now: number): void {
    this.#purge.run(now);
    if (state === undefined) this.#delete.run(key);
    else this.#write.run(key, encode(state), strategyOf(strategy).expiresAt(state, rule));
  }

  /** Writes something that needs room; it has expired already. */
  fillProbe(): void {
    this.#write.run(probeKey, Buffer.alloc(probeBytes), 0);
  }

  emptyProbe(): void {
    this.#delete.run(probeKey);
  }
}

/** As bytes, because a log of thousands of numbers would take long to print and to read. */
function encode(state: State): Buffer {
  return Buffer.from(Float64Array.from(state).buffer);
}

function decode(bytes: Buffer): State {
  // A Buffer may begin anywhere in its memory, and numbers only at multiples of their size.
  return [...new Float64Array(Uint8Array.from(bytes).buffer)];
}
