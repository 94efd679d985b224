import type { DatabaseConnection } from 'kysely';
import { CompiledQuery } from 'kysely';
import { type RelationRow, type Relations, relationsOf } from './relations.ts';

// Attached files are left out, and with them what shares a name with their tables: they are watched by nobody.
const query = CompiledQuery.raw(`
  with relations as (select schema, name, type from pragma_table_list)
  select 'table' as kind, name, null as other from relations
  where type = 'table' and schema in ('main', 'temp') and name not like 'sqlite\\_%' escape '\\'
  union all
  select 'opaque', name, null from relations
  where type <> 'table' or schema not in ('main', 'temp') or name like 'sqlite\\_%' escape '\\'
  union all
  select 'triggered', tbl_name, null from sqlite_schema where type = 'trigger'
  union all
  select 'triggered', tbl_name, null from sqlite_temp_schema where type = 'trigger'
  union all
  select 'changes', keys."table", relations.name
  from relations join pragma_foreign_key_list(relations.name, relations.schema) keys
  where keys.on_delete in ('CASCADE', 'SET NULL', 'SET DEFAULT')
  or keys.on_update in ('CASCADE', 'SET NULL', 'SET DEFAULT')
`);

/** The relations of a SQLite file. */
export async function loadSqliteRelations(connection: DatabaseConnection): Promise<Relations> {
  const { rows } = await connection.executeQuery<RelationRow>(query);
  return relationsOf(rows);
}
