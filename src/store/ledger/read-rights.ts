import type { Database } from '../postgres/pool.ts';

export type MissingRights = { role: string; mayUseSchema: boolean; tables: string[] };

/**
 * The rights that the role lacks to read these tables and views of a schema, or all of them; null if it has them. From the
 * catalogs, which every role may read, and by oid: a name cannot be looked up in a schema that the role may not use.
 */
export async function missingReadRights(
  database: Pick<Database, '$queryRaw'>,
  schema: string,
  names: readonly string[] | null = null,
): Promise<MissingRights | null> {
  const [row] = await database.$queryRaw<MissingRights[]>`
    select
      current_user::text as role,
      bool_or(has_schema_privilege(namespace.oid, 'usage')) as "mayUseSchema",
      coalesce(
        array_agg(relation.relname::text order by relation.relname)
          filter (where not has_table_privilege(relation.oid, 'select')),
        '{}'
      ) as tables
    from pg_catalog.pg_namespace as namespace
    join pg_catalog.pg_class as relation on relation.relnamespace = namespace.oid and relation.relkind in ('r', 'v', 'p')
    where namespace.nspname = ${schema}
      and (${names}::text[] is null or relation.relname = any(${names}::text[]))`;
  if (row === undefined || (row.mayUseSchema && row.tables.length === 0)) return null;
  return row;
}
