import type { SqliteFile, SqliteStatement } from '../../../connections/sqlite-file.ts';
import type { Clock } from '../../../util/clock.ts';
import type { Tag } from '../../tags.ts';
import type { Invalidated } from '../shared-answers.ts';

/** Invalidations are remembered for at least so long, for the sake of pending answers. */
const rememberMs = 5 * 60_000;
/** How many tags are remembered as invalidated; of those before, every answer counts as invalidated. */
const mostInvalidations = 100_000;
/** An invalidation of more tags than this invalidates everything. */
const mostTags = 10_000;
/** How many invalidations are forgotten with one write, besides as many as it has added. */
const forgottenAtOnce = 4;

interface OldestInvalidation {
  readonly tag: string;
  readonly sequence: number;
  readonly expires: number;
  readonly invalidations: number;
  readonly floor: number;
}

/** The invalidations in the file, by number and by tag. Everything that writes has to be in a transaction. */
export class InvalidationRows {
  readonly #clock: Clock;
  readonly #version: SqliteStatement<[], number>;
  readonly #sequence: SqliteStatement<[], number>;
  readonly #floor: SqliteStatement<[], number>;
  readonly #since: SqliteStatement<[number], Tag>;
  readonly #has: SqliteStatement<[number, string, number], number>;
  readonly #next: SqliteStatement<[], { sequence: number; lives_until: number }>;
  readonly #remove: SqliteStatement<[string], unknown>;
  readonly #insert: SqliteStatement<[number, number, string], unknown>;
  readonly #count: SqliteStatement<[number], unknown>;
  readonly #raise: SqliteStatement<[number], unknown>;
  readonly #oldest: SqliteStatement<[], OldestInvalidation>;
  readonly #forget: SqliteStatement<[number, string], unknown>;
  readonly #touch: SqliteStatement<[], unknown>;

  constructor(file: SqliteFile, clock: Clock) {
    this.#clock = clock;
    this.#version = file.prepare<[], number>('pragma data_version').pluck();
    this.#sequence = file.prepare<[], number>('select sequence from answer_state where id = 1').pluck();
    this.#floor = file.prepare<[], number>('select floor from answer_state where id = 1').pluck();
    this.#since = file
      .prepare<[number], Tag>('select tag from answer_drops where sequence > ? order by sequence')
      .pluck();
    this.#has = file
      .prepare<[number, string, number], number>(
        `select ? < floor or exists (
           select 1 from json_each(?) cross join answer_drops on tag = value where answer_drops.sequence > ?
         ) from answer_state where id = 1`,
      )
      .pluck();
    this.#next = file.prepare(
      'update answer_state set sequence = sequence + 1 where id = 1 returning sequence, lives_until',
    );
    this.#remove = file.prepare('delete from answer_drops where tag in (select value from json_each(?))');
    this.#insert = file.prepare(
      'insert into answer_drops (tag, sequence, expires) select value, ?, ? from json_each(?)',
    );
    this.#count = file.prepare('update answer_state set drops = drops + ? where id = 1');
    this.#raise = file.prepare('update answer_state set floor = ? where id = 1');
    this.#oldest = file.prepare(
      `select tag, sequence, expires, (select drops from answer_state where id = 1) as invalidations,
         (select floor from answer_state where id = 1) as floor
       from answer_drops order by sequence limit 1`,
    );
    this.#forget = file.prepare('delete from answer_drops where sequence = ? and tag = ?');
    this.#touch = file.prepare('update answer_state set sequence = sequence where id = 1');
  }

  /** Another number means that another connection has written something; this one's writes do not count. */
  get version(): number {
    return this.#version.get() ?? 0;
  }

  /** The number of the last invalidation. */
  get sequence(): number {
    return this.#sequence.get() ?? 0;
  }

  /** What has been invalidated since the invalidation of a number, and perhaps more. */
  since(sequence: number): Invalidated {
    const tags = this.#since.all(sequence);
    // Only now, so that nobody can have forgotten invalidations in between.
    const floor = this.#floor.get() ?? 0;
    return floor > sequence ? 'everything' : tags;
  }

  /**
   * Whether any of the tags has been invalidated since, or may have been for all that is remembered. @param tags as
   * JSON
   */
  hasAny(tags: string, since: number): boolean {
    return this.#has.get(since, tags, since) === 1;
  }

  /** @returns its number */
  add(invalidated: Invalidated): number {
    const { sequence, lives_until: livesUntil } = this.#next.get() ?? { sequence: 0, lives_until: 0 };
    if (isLimited(invalidated)) {
      const tags = JSON.stringify(invalidated);
      const removed = this.#remove.run(tags).changes;
      const added = this.#insert.run(sequence, Math.max(livesUntil, this.#clock.now() + rememberMs), tags);
      this.#count.run(added.changes - removed);
      this.forgetSome(invalidated.length);
    } else {
      this.#raise.run(sequence);
      this.forgetSome();
    }
    return sequence;
  }

  /** Writes without changing anything. */
  touch(): void {
    this.#touch.run();
  }

  /** Forgets the oldest invalidations if nothing depends on them any more, or if there are too many. */
  forgetSome(besides = 0): void {
    const now = this.#clock.now();
    let forgotten = 0;
    let floor = 0;
    for (; forgotten < besides + forgottenAtOnce; forgotten += 1) {
      const oldest = this.#oldest.get();
      if (oldest === undefined) break;
      const isDue = oldest.sequence <= Math.max(floor, oldest.floor) || oldest.expires <= now;
      if (!isDue && oldest.invalidations - forgotten <= mostInvalidations) break;
      this.#forget.run(oldest.sequence, oldest.tag);
      floor = Math.max(floor, oldest.floor, oldest.sequence);
    }
    if (forgotten === 0) return;
    this.#count.run(-forgotten);
    this.#raise.run(floor);
  }
}

/** UTF-8 does not tell apart tags that are not well-formed, and processes would not know them again. */
function isLimited(invalidated: Invalidated): invalidated is readonly Tag[] {
  return (
    invalidated !== 'everything' &&
    invalidated.length <= mostTags &&
    invalidated.every((tag) => tag.isWellFormed())
  );
}
