import { sql } from 'kysely';
import type { RawBuilder, SqlBool } from 'kysely';

/** A condition: the column contains the text of a pattern, see `containing`. SQLite ignores the case of ASCII letters. */
export function contains(column: string, pattern: string): RawBuilder<SqlBool> {
  return sql<SqlBool>`${sql.ref(column)} like ${pattern} escape ${sql.lit('\\')}`;
}

/** The pattern of whatever contains the text as it stands, without wildcards. */
export function containing(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}
