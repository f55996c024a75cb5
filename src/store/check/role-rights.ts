// The rights of the connection's role, as the catalogs have them: readable for every role, also without rights.
import type { Database } from '../postgres/pool.ts';
import { onlyRow } from '../postgres/query.ts';

export type SchemaRights = {
  name: string;
  exists: boolean;
  /** Null if it does not exist. */
  owner: string | null;
  /** Whether the role has the rights of the owner of the schema and of every object in it. */
  isOwner: boolean;
  /** Whether it may use the schema and read every table and view. */
  mayRead: boolean;
  /** Whether it may also change the rows of every table, use every sequence and call every function. */
  mayWrite: boolean;
  /** Whether it may make tables in the schema. */
  mayCreate: boolean;
  /** Other roles that own objects of the schema, or the schema. */
  otherOwners: string[];
};

export type RoleRights = {
  role: string;
  database: string;
  mayCreateSchemas: boolean;
  schemas: SchemaRights[];
  hasReaderRole: boolean;
  mayGrantReaderRole: boolean;
  /** Whether readers may use schema reporting: its owner has granted it, or grants it when it is made. */
  readersMayRead: boolean;
  mayCreateRoles: boolean;
  /** Whether the role itself is a reader of the reports. */
  isReader: boolean;
};

/** Asks for the rights in the given schemas. */
export async function askRights(database: Database, schemas: readonly string[]): Promise<RoleRights> {
  const rows = await database.$queryRaw<Omit<RoleRights, 'schemas'>[]>`
    select
      current_user::text as role,
      current_database()::text as database,
      has_database_privilege(current_database(), 'create') as "mayCreateSchemas",
      reader.oid is not null as "hasReaderRole",
      rolsuper
        or coalesce(pg_has_role(reader.oid, 'member with admin option'), false)
        -- Before version 16, this attribute was enough for every role.
        or (rolcreaterole and reader.oid is not null and current_setting('server_version_num')::integer < 160000)
        as "mayGrantReaderRole",
      coalesce(
        (
          select pg_has_role(nspowner, 'usage') or coalesce(has_schema_privilege(reader.oid, namespace.oid, 'usage'), false)
          from pg_catalog.pg_namespace as namespace
          where nspname = 'reporting'
        ),
        true
      ) as "readersMayRead",
      rolsuper or rolcreaterole as "mayCreateRoles",
      not rolsuper
        and coalesce(pg_has_role(reader.oid, 'member'), false)
        and not pg_has_role(reader.oid, 'member with admin option') as "isReader"
    from pg_catalog.pg_roles as own_role
    left join lateral (select oid from pg_catalog.pg_roles where rolname = 'cdd_reader') as reader on true
    where own_role.rolname = current_user`;
  const row = onlyRow(rows);
  return { ...row, schemas: await Promise.all(schemas.map((name) => askSchema(database, name))) };
}

async function askSchema(database: Database, name: string): Promise<SchemaRights> {
  const rows = await database.$queryRaw<SchemaRights[]>`
    with schema as (
      select oid, nspowner as owner from pg_catalog.pg_namespace where nspname = ${name}
    ),
    object as (
      select owner, true as may_read, true as may_write
      from schema
      union all
      select
        relowner,
        relkind = 'S' or has_table_privilege(relation.oid, 'select'),
        case
          when relkind = 'S' then has_sequence_privilege(relation.oid, 'usage')
          when relkind in ('r', 'p') then
            has_table_privilege(relation.oid, 'insert')
            and has_table_privilege(relation.oid, 'update')
            and has_table_privilege(relation.oid, 'delete')
          else true
        end
      from schema
      join pg_catalog.pg_class as relation on relnamespace = schema.oid
      where relkind in ('r', 'p', 'v', 'm', 'S')
      union all
      select proowner, true, has_function_privilege(routine.oid, 'execute')
      from schema
      join pg_catalog.pg_proc as routine on pronamespace = schema.oid
      union all
      select typowner, true, true
      from schema
      join pg_catalog.pg_type as type on typnamespace = schema.oid
      where typtype in ('e', 'd')
    )
    select
      ${name}::text as name,
      exists (select from schema) as exists,
      (select pg_get_userbyid(owner)::text from schema) as owner,
      coalesce(bool_and(pg_has_role(owner, 'usage')), false) as "isOwner",
      coalesce(bool_and(may_read) and has_schema_privilege((select oid from schema), 'usage'), false) as "mayRead",
      coalesce(bool_and(may_read and may_write) and has_schema_privilege((select oid from schema), 'usage'), false)
        as "mayWrite",
      coalesce(
        has_schema_privilege((select oid from schema), 'create') and has_schema_privilege((select oid from schema), 'usage'),
        false
      ) as "mayCreate",
      coalesce(
        array_agg(distinct pg_get_userbyid(owner)::text) filter (where not pg_has_role(owner, 'usage')),
        '{}'
      ) as "otherOwners"
    from object`;
  return onlyRow(rows);
}
