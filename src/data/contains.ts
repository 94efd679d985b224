import { sql } from 'kysely';
import type { RawBuilder, SqlBool } from 'kysely';

/** A condition: the column contains the text as it stands, without wildcards. SQLite ignores the case of ASCII letters. */
export function contains(column: string, text: string): RawBuilder<SqlBool> {
  const pattern = `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  return sql<SqlBool>`${sql.ref(column)} like ${pattern} escape ${sql.lit('\\')}`;
}
