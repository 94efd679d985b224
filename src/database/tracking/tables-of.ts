import type { TableNames } from '../table-listener.ts';
import type { Mentions } from './mentions.ts';
import { changedBy, type Relations, type Routine } from './relations.ts';

/** What a query does with tables. */
export interface QueryTables {
  readonly reads: TableNames;
  readonly writes: TableNames;
}

const none: ReadonlySet<string> = new Set();

// Built-in functions of PostgreSQL and SQLite that look at more than their arguments.
const lookingAround =
  /^(?:pg_|lo_|dblink|sqlite_|pragma_|(?:query|table|schema|database|cursor)_to_xml|ts_(?:stat|rewrite)$|(?:curr|last|next|set)val$|last_insert_rowid$|(?:total_)?changes$)/;

/**
 * The tables that a query reads and writes, by what it mentions. What it writes it reads as well: how many rows there
 * were, which of them, and what has become of them.
 * @param relations Undefined while nothing is known about the tables there are.
 */
export function tablesOf(mentions: Mentions, relations: Relations | undefined): QueryTables {
  if (relations === undefined) return withoutRelations(mentions);
  return { reads: readsOf(mentions, relations), writes: writesOf(mentions, relations) };
}

function withoutRelations({ sources, targets, words, readsMore, writesMore }: Mentions): QueryTables {
  const isSimple = words.size === 0 && targets.size === 0;
  return {
    reads: isSimple && !readsMore && sources.size === 0 ? none : undefined,
    writes: isSimple && !writesMore ? none : undefined,
  };
}

function readsOf(mentions: Mentions, relations: Relations): TableNames {
  if (mentions.readsMore || callsAny(mentions.columns, relations)) return undefined;
  const reads = new Set<string>();
  for (const name of mentions.sources) {
    const isKnown = relations.tables.has(name) || mentions.expressions.has(name);
    if (!isKnown || relations.opaque.has(name)) return undefined;
    reads.add(name);
  }
  for (const name of mentions.targets) {
    if (!relations.tables.has(name)) return undefined;
    reads.add(name);
  }
  for (const word of mentions.words) {
    if (relations.opaque.has(word) || relations.routines.has(word) || lookingAround.test(word))
      return undefined;
    if (relations.tables.has(word)) reads.add(word);
  }
  return reads;
}

function writesOf(mentions: Mentions, relations: Relations): TableNames {
  const { targets, writesMore } = mentions;
  if (writesMore || callsWriter(mentions, relations)) return undefined;
  return targets.size === 0 ? none : changedBy(targets, relations);
}

/** Whether a query calls a routine that may write. */
export function callsWriter({ words, columns }: Mentions, relations: Relations): boolean {
  return callsAny(words, relations, isWriter) || callsAny(columns, relations, isWriter);
}

function callsAny(
  names: ReadonlySet<string>,
  { routines }: Relations,
  isMeant: (routine: Routine) => boolean = () => true,
): boolean {
  if (routines.size === 0) return false;
  for (const name of names) {
    const routine = routines.get(name.toLowerCase());
    if (routine !== undefined && isMeant(routine)) return true;
  }
  return false;
}

function isWriter({ mayWrite }: Routine): boolean {
  return mayWrite;
}
