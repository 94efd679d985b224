/** What a query mentions, before it is looked up what that is in the database. All names are in lower case but those of columns. */
export interface Mentions {
  /** Stand where a table is read: tables, views, common table expressions. */
  readonly sources: ReadonlySet<string>;
  /** Stand where a table is written. */
  readonly targets: ReadonlySet<string>;
  /** The common table expressions that the query defines. */
  readonly expressions: ReadonlySet<string>;
  /** May stand for a table or a routine: words of raw SQL, functions, identifiers. */
  readonly words: ReadonlySet<string>;
  /**
   * Columns that are named with their table, of which PostgreSQL looks for a routine when the table has none of that
   * name. There are many of them and hardly ever a routine: only then are they put into lower case.
   */
  readonly columns: ReadonlySet<string>;
  /** Whether it reads what cannot be told by names. */
  readonly readsMore: boolean;
  /** Whether it writes what cannot be told by names. */
  readonly writesMore: boolean;
  /** Whether it may change what tables there are, or in which transaction it runs. */
  readonly changesRelations: boolean;
  /** Whether it may end the transaction that it runs in. */
  readonly endsTransaction: boolean;
}

/** Mentions while they are collected. */
export type MutableMentions = {
  -readonly [Key in keyof Mentions]: Mentions[Key] extends ReadonlySet<infer Name>
    ? Set<Name>
    : Mentions[Key];
};

export function noMentions(): MutableMentions {
  return {
    sources: new Set(),
    targets: new Set(),
    expressions: new Set(),
    words: new Set(),
    columns: new Set(),
    readsMore: false,
    writesMore: false,
    changesRelations: false,
    endsTransaction: false,
  };
}
