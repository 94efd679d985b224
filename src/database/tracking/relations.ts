/** What a database does with tables beyond what queries say. All names are in lower case and without their schema. */
export interface Relations {
  /** Tables that hold their own rows, for everyone alike. */
  readonly tables: ReadonlySet<string>;
  /** What shares a name with a table, or stands where one could and is none: views, foreign tables, virtual tables. */
  readonly opaque: ReadonlySet<string>;
  /** Tables of which a write does more than can be told, such as run a trigger. */
  readonly triggered: ReadonlySet<string>;
  /** By table, what else changes with it, directly: by cascades, partitions, inheritance. */
  readonly changesWith: ReadonlyMap<string, ReadonlySet<string>>;
  /** Routines that somebody added, by whether they may write. */
  readonly routines: ReadonlyMap<string, Routine>;
  /** Whether a transaction reads what was there when it began, unless it says otherwise. */
  readonly keepsSnapshots: boolean;
}

export interface Routine {
  readonly mayWrite: boolean;
}

/** A fact about a relation, as the databases tell it. */
export interface RelationRow {
  readonly kind: 'table' | 'opaque' | 'triggered' | 'changes' | 'routine' | 'writer' | 'snapshots';
  readonly name: string;
  /** For `changes`: what changes with it. */
  readonly other: string | null;
}

/** Puts together what a database has told, in any order. */
export function relationsOf(rows: readonly RelationRow[]): Relations {
  const named = (...kinds: RelationRow['kind'][]): string[] =>
    rows.filter(({ kind }) => kinds.includes(kind)).map(({ name }) => name.toLowerCase());
  const opaque = new Set(named('opaque'));
  const writers = new Set(named('writer'));
  return {
    tables: new Set(named('table').filter((name) => !opaque.has(name))),
    opaque,
    triggered: new Set(named('triggered')),
    changesWith: changesIn(rows),
    routines: new Map(named('routine', 'writer').map((name) => [name, { mayWrite: writers.has(name) }])),
    keepsSnapshots: named('snapshots').length > 0,
  };
}

function changesIn(rows: readonly RelationRow[]): Map<string, Set<string>> {
  const changes = new Map<string, Set<string>>();
  for (const { kind, name, other } of rows) {
    if (kind !== 'changes' || other === null) continue;
    const key = name.toLowerCase();
    changes.set(key, (changes.get(key) ?? new Set()).add(other.toLowerCase()));
  }
  return changes;
}

/** All tables that change when some are written; undefined when that cannot be told. */
export function changedBy(targets: ReadonlySet<string>, relations: Relations): Set<string> | undefined {
  const changed = new Set(targets);
  // A set that grows while it is gone through is gone through to its end.
  for (const name of changed) {
    if (!relations.tables.has(name) || relations.triggered.has(name)) return undefined;
    for (const other of relations.changesWith.get(name) ?? []) changed.add(other);
  }
  return changed;
}
