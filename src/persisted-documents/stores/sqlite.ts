import type { MaybePromise } from '@whatwg-node/promise-helpers';
import type { Logger } from 'pino';
import { Breaker } from '../../connections/breaker.ts';
import { LockQueue } from '../../connections/lock-queue.ts';
import {
  isBusy,
  openSqliteFile,
  type SqliteFile,
  type SqliteStatement,
} from '../../connections/sqlite-file.ts';
import { recover } from '../../util/promises.ts';
import { type DocumentStore, entryBytes, largestShare } from '../store.ts';

/** How long to wait for other processes that start at the same time. */
const startTimeoutMs = 2000;

const tables = `
  create table if not exists documents (
    -- Grows in the order of registering.
    id integer primary key,
    hash text not null unique,
    text text not null,
    bytes integer not null
  ) strict;
  create table if not exists document_state (
    id integer primary key check (id = 1),
    -- What the documents take.
    bytes integer not null
  ) strict;
  insert or ignore into document_state values (1, 0);
`;

export interface SqliteDocumentsOptions {
  readonly path: string;
  /** Those that were registered first go first. */
  readonly maxBytes: number;
  /** How long a write may wait for other processes, in milliseconds. */
  readonly timeoutMs: number;
  readonly log: Logger;
}

/**
 * Texts in a SQLite file, which the processes of one machine share.
 * @throws Error when the file cannot be opened
 */
export function openSqliteDocuments({
  path,
  maxBytes,
  timeoutMs,
  log,
}: SqliteDocumentsOptions): DocumentStore {
  const { file, rows } = openTable(path, maxBytes);
  const queue = new LockQueue(file, { timeoutMs });
  const breaker: Breaker = new Breaker({
    name: `sqlite:${path}`,
    timeoutMs,
    log,
    isOutage: (error) => !isBusy(error),
    probe: () =>
      queue.run(() => {
        rows.touch();
      }),
  });
  const orNothing = <Value>(action: () => MaybePromise<Value>): MaybePromise<Value | undefined> =>
    breaker.isOpen
      ? undefined
      : recover<Value | undefined>(
          () => breaker.guard(action),
          () => undefined,
        );
  return {
    get: (hash) => orNothing(() => rows.find(hash)),
    set: (hash, text) =>
      orNothing(() =>
        queue.run(() => {
          rows.add(hash, text);
        }),
      ),
    close() {
      breaker.end();
      queue.close();
      file.close();
    },
  };
}

function openTable(path: string, maxBytes: number): { file: SqliteFile; rows: DocumentRows } {
  const file = openSqliteFile(path, startTimeoutMs);
  try {
    file.transaction(() => file.exec(tables)).immediate();
    return { file, rows: new DocumentRows(file, maxBytes) };
  } catch (error) {
    file.close();
    throw error;
  }
}

/** The documents in the file. The caller has the file's lock while it writes. */
class DocumentRows {
  readonly #maxBytes: number;
  readonly #find: SqliteStatement<[string], string>;
  readonly #insert: SqliteStatement<[string, string, number], unknown>;
  readonly #removeFirst: SqliteStatement<[], number>;
  readonly #bytes: SqliteStatement<[], number>;
  readonly #setBytes: SqliteStatement<[number], unknown>;

  constructor(file: SqliteFile, maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#find = file.prepare<[string], string>('select text from documents where hash = ?').pluck();
    this.#insert = file.prepare('insert or ignore into documents (hash, text, bytes) values (?, ?, ?)');
    this.#removeFirst = file
      .prepare<[], number>('delete from documents where id = (select min(id) from documents) returning bytes')
      .pluck();
    this.#bytes = file.prepare<[], number>('select bytes from document_state where id = 1').pluck();
    this.#setBytes = file.prepare('update document_state set bytes = ? where id = 1');
  }

  find(hash: string): string | undefined {
    return this.#find.get(hash);
  }

  add(hash: string, text: string): void {
    const size = Buffer.byteLength(text) + entryBytes;
    if (size > this.#maxBytes * largestShare || this.#insert.run(hash, text, size).changes === 0) return;
    let bytes = (this.#bytes.get() ?? 0) + size;
    while (bytes > this.#maxBytes) bytes -= this.#removeFirst.get() ?? bytes;
    this.#setBytes.run(bytes);
  }

  /** Writes, so that a file that can only be read does not pass. */
  touch(): void {
    this.#setBytes.run(this.#bytes.get() ?? 0);
  }
}
