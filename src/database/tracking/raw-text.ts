/** What the text of raw SQL may do. Errs on the side of too much: words in comments and literals count as well. */
export interface RawText {
  /** All its words, in lower case: among them are the tables and routines that it names. */
  readonly words: readonly string[];
  /** Whether it may read tables that its words do not tell. */
  readonly mayRead: boolean;
  /** Whether it may write tables, or change what tables there are. */
  readonly mayWrite: boolean;
  /** Whether it may hold a statement of its own that ends the transaction. */
  readonly mayEndTransaction: boolean;
}

/** What stands in the text for a query that was built: its tables are told by its nodes. */
export const builtQuery = ' ? ';
/** What stands in the text for any other part that is not text. */
export const otherPart = ' $ ';

const writing =
  /^(?:insert|into|update|delete|merge|truncate|call|do|copy|create|alter|drop|refresh|execute|prepare|vacuum|reindex)$/;
const reading = /\b(?:from|join|table|using)\b/;
// SQLite reads a table in `x in products`, without any other word that tells.
const inTable = /\b(?:in)\b\s*(?!\s|\()/;
// Routines of other schemas are not known by their bare names.
const qualifiedCall = /\.\s*"?[\p{L}_][\p{L}\p{N}_$]*"?\s*\(/u;
// Of a routine with any other name the words do not make the name, and of one in a part that is not text nothing is told.
const otherCall = /(?:\$|(?<!(?<!")"[\p{L}_][\p{L}\p{N}_$]*)")\s*\(/u;
// Names in U&"…" are written with escapes.
const escapedName = /\bu&["']/;
// As Kysely's helpers for JSON write it.
const fromBuiltQuery = /\bfrom\s+\?(?:\s+as\s+\w+)?\s*(?=\)|$)/g;

/** Looks at the text of raw SQL, in which `builtQuery` and `otherPart` stand for what is not text. */
export function readRawText(text: string): RawText {
  const lower = text.toLowerCase();
  const words = lower.match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? [];
  // A second statement may do anything, and so may a routine that cannot be looked up.
  const mayWrite =
    lower.includes(';') ||
    qualifiedCall.test(lower) ||
    otherCall.test(lower) ||
    words.some((word) => writing.test(word));
  const mayRead = mayWrite || inTable.test(lower) || escapedName.test(lower) || namesTable(lower);
  return { words, mayRead, mayWrite, mayEndTransaction: lower.includes(';') && mayEndTransaction(lower) };
}

function namesTable(lower: string): boolean {
  return reading.test(lower.replaceAll(fromBuiltQuery, ' '));
}

/** Whether a statement begins as one that only returns rows, unless something in it writes. */
export function isRawSelect(sql: string): boolean {
  return /^[\s(]*(?:select|with|values)\b/i.test(sql);
}

/** Whether a statement may end the transaction that it runs in, or begin one. */
export function mayEndTransaction(sql: string): boolean {
  return /\b(?:commit|end|rollback|abort|begin|start|prepare|call|do|savepoint|release)\b/i.test(sql);
}
