import type { SqliteFile, SqliteStatement } from '../../../connections/sqlite-file.ts';
import type { Clock } from '../../../util/clock.ts';
import { lastUse } from '../../answer.ts';
import type { Kept } from '../../store.ts';
import type { Tag } from '../../tags.ts';
import { packBody, unpackBody } from '../packed-body.ts';
import type { SharedAnswer } from '../shared-answers.ts';
import type { InvalidationRows } from './invalidation-rows.ts';

/** What a row takes beside its body and its texts: numbers, entity tag, places in the indexes. */
const rowBytes = 250;
/** One answer may take this part of the file. */
const largestShare = 1 / 16;
/** How many answers that are too old are removed with one write. */
const removedAtOnce = 4;

/** A row of `answers`, but for its number. */
interface AnswerRow {
  readonly key: string;
  readonly encoding: 0 | 1;
  readonly body: Buffer;
  readonly etag: string;
  readonly stored_at: number;
  readonly fresh_until: number;
  readonly stale_until: number;
  readonly error_until: number;
  /** JSON. */
  readonly tags: string;
  readonly expires: number;
  readonly bytes: number;
}

interface FoundRow extends AnswerRow {
  readonly valid_after: number;
  /** Of the last invalidation. */
  readonly sequence: number;
}

interface State {
  readonly sequence: number;
  readonly bytes: number;
}

/** The answers in the file. */
export class AnswerRows {
  readonly #clock: Clock;
  readonly #invalidations: InvalidationRows;
  readonly #maxBytes: number;
  readonly #find: SqliteStatement<[string], FoundRow>;
  readonly #state: SqliteStatement<[], State>;
  readonly #setState: SqliteStatement<[number, number], unknown>;
  readonly #insert: SqliteStatement<[AnswerRow & { valid_after: number }], unknown>;
  readonly #remove: SqliteStatement<[string], number>;
  readonly #removeOld: SqliteStatement<[number, number], number>;
  readonly #removeFirst: SqliteStatement<[], number>;

  constructor(
    file: SqliteFile,
    { clock, invalidations, maxBytes }: { clock: Clock; invalidations: InvalidationRows; maxBytes: number },
  ) {
    this.#clock = clock;
    this.#invalidations = invalidations;
    this.#maxBytes = maxBytes;
    // With a join, SQLite takes ten times as long to find nothing.
    this.#find = file.prepare(
      `select answers.*, (select sequence from answer_state where id = 1) as sequence from answers where key = ?`,
    );
    this.#state = file.prepare('select sequence, bytes from answer_state where id = 1');
    this.#setState = file.prepare(
      'update answer_state set bytes = ?, lives_until = max(lives_until, ?) where id = 1',
    );
    this.#insert = file.prepare(
      `insert into answers
         (key, encoding, body, etag, stored_at, fresh_until, stale_until, error_until, tags, valid_after, expires, bytes)
       values (@key, @encoding, @body, @etag, @stored_at, @fresh_until, @stale_until, @error_until, @tags,
         @valid_after, @expires, @bytes)`,
    );
    this.#remove = file
      .prepare<[string], number>('delete from answers where key = ? returning bytes')
      .pluck();
    this.#removeOld = file
      .prepare<[number, number], number>(
        `delete from answers where id in (select id from answers where expires <= ? order by expires limit ?)
         returning bytes`,
      )
      .pluck();
    this.#removeFirst = file
      .prepare<[], number>('delete from answers where id = (select min(id) from answers) returning bytes')
      .pluck();
  }

  /** The answer under a key, unless any of its tags was invalidated since. */
  find(key: string): AnswerRow | undefined {
    const row = this.#find.get(key);
    return row === undefined || this.#isInvalidated(row.tags, row.valid_after, row) ? undefined : row;
  }

  /**
   * Keeps an answer if nothing of it was invalidated since, in place of those that were stored first. In a transaction.
   */
  keep(row: AnswerRow, begunAfter: number): Kept {
    const state = this.#state.get() ?? { sequence: 0, bytes: 0 };
    if (this.#isInvalidated(row.tags, begunAfter, state)) return 'invalidated';
    const rest = state.bytes - this.#removeUseless(row.key);
    this.#invalidations.forgetSome();
    if (row.bytes > this.#maxBytes * largestShare) {
      this.#setState.run(rest, 0);
      return 'too-large';
    }
    const bytes = this.#makeRoom(rest, row.bytes) + row.bytes;
    // It was compared with all invalidations up to now, so that it never has to be compared with those again.
    this.#insert.run({ ...row, valid_after: state.sequence });
    this.#setState.run(bytes, row.expires);
    return 'stored';
  }

  /**
   * Where there were no invalidations at all since, which is the rule, none is looked for: that takes longer than all
   * the rest.
   */
  #isInvalidated(tags: string, since: number, { sequence }: { readonly sequence: number }): boolean {
    return since < sequence && this.#invalidations.hasAny(tags, since);
  }

  /** @returns what it took */
  #removeUseless(key: string): number {
    let bytes = this.#remove.get(key) ?? 0;
    for (const old of this.#removeOld.all(this.#clock.now(), removedAtOnce)) bytes += old;
    return bytes;
  }

  /** @returns what the answers take that are left */
  #makeRoom(taken: number, wanted: number): number {
    let bytes = taken;
    while (bytes + wanted > this.#maxBytes) {
      const removed = this.#removeFirst.get();
      if (removed === undefined) return 0;
      bytes -= removed;
    }
    return bytes;
  }
}

/** An answer as the file has it. */
export function rowOf(key: string, { answer, tags }: SharedAnswer): AnswerRow {
  const { encoding, bytes: body } = packBody(answer.body);
  const tagsText = JSON.stringify(tags);
  return {
    key,
    encoding,
    body,
    etag: answer.etag,
    stored_at: answer.storedAt,
    fresh_until: answer.freshUntil,
    stale_until: answer.staleUntil,
    error_until: answer.errorUntil,
    tags: tagsText,
    expires: lastUse(answer),
    bytes: rowBytes + body.byteLength + Buffer.byteLength(key) + Buffer.byteLength(tagsText),
  };
}

/** The answer in a row. @throws Error when somebody has damaged the row */
export function answerIn(row: AnswerRow): SharedAnswer {
  return {
    answer: {
      body: unpackBody({ encoding: row.encoding, bytes: row.body }),
      etag: row.etag,
      storedAt: row.stored_at,
      freshUntil: row.fresh_until,
      staleUntil: row.stale_until,
      errorUntil: row.error_until,
    },
    // What `rowOf` has written.
    tags: JSON.parse(row.tags) as Tag[],
  };
}
