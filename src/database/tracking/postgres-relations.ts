import type { DatabaseConnection } from 'kysely';
import { CompiledQuery } from 'kysely';
import { type RelationRow, type Relations, relationsOf } from './relations.ts';

// Tables of one session are left out, and those whose rows depend on who asks. The names of information_schema are
// too common to keep them from everyone else; it is recognised where it is named.
const query = CompiledQuery.raw(`
  with relations as (
    select c.oid, c.relname, c.relhasrules, c.relkind in ('r', 'p') as holds_rows,
      c.relpersistence = 't' or c.relrowsecurity or n.nspname like 'pg\\_%' as is_special
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and n.nspname not in ('information_schema', 'pg_toast')
  )
  select 'table' as kind, relname::text as name, null::text as other from relations
  where holds_rows and not is_special
  union all
  select 'opaque', relname, null from relations where not holds_rows or is_special
  union all
  select 'triggered', r.relname, null from relations r
  where (r.holds_rows and r.relhasrules)
  or exists (select from pg_catalog.pg_trigger t where t.tgrelid = r.oid and not t.tgisinternal)
  union all
  select 'triggered', r.relname, null from relations r
  join pg_catalog.pg_attrdef a on a.adrelid = r.oid
  join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_attrdef'::regclass and d.objid = a.oid
  where d.refclassid = 'pg_catalog.pg_proc'::regclass
  union all
  select 'triggered', r.relname, null from relations r
  join pg_catalog.pg_constraint c on c.conrelid = r.oid
  join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_constraint'::regclass and d.objid = c.oid
  where d.refclassid = 'pg_catalog.pg_proc'::regclass
  union all
  select 'changes', parent.relname, child.relname from pg_catalog.pg_constraint c
  join relations parent on parent.oid = c.confrelid join relations child on child.oid = c.conrelid
  where c.contype = 'f' and (c.confdeltype in ('c', 'n', 'd') or c.confupdtype in ('c', 'n', 'd'))
  union all
  select 'changes', one.relname, other.relname from pg_catalog.pg_inherits i
  join relations one on one.oid in (i.inhrelid, i.inhparent)
  join relations other on other.oid in (i.inhrelid, i.inhparent) and other.oid <> one.oid
  union all
  select case p.provolatile when 'v' then 'writer' else 'routine' end, p.proname, null
  from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
  where n.nspname = any(pg_catalog.current_schemas(false)) and n.nspname not in ('pg_catalog', 'information_schema')
  union all
  select 'snapshots', '', null
  where pg_catalog.current_setting('default_transaction_isolation') not in ('read committed', 'read uncommitted')
`);

/** The relations of a PostgreSQL database, in all its schemas. */
export async function loadPostgresRelations(connection: DatabaseConnection): Promise<Relations> {
  const { rows } = await connection.executeQuery<RelationRow>(query);
  return relationsOf(rows);
}
