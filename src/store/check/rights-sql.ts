// Statements for an administrator. All names are quoted: roles and databases may have any.
import { literal, quoted } from '../postgres/identifier.ts';
import type { RoleRights, SchemaRights } from './role-rights.ts';

type Grantee = Pick<RoleRights, 'role' | 'database'>;

/** Lets the role create schemas, which it then owns. */
export function createSchemasSql({ role, database }: Grantee): string {
  return `grant create on database ${quoted(database)} to ${quoted(role)};`;
}

/** Makes the role the owner of the schemas and of all that is in them, so that it may migrate them. */
export function takeOverSql({ role }: Grantee, schemas: readonly SchemaRights[]): string {
  const names = schemas.map(({ name }) => literal(name)).join(', ');
  const tag = dollarTag(role);
  // A block, because it would be a hundred statements otherwise.
  return `do ${tag}
declare
  command text;
begin
  for command in
    select format('alter schema %I', nspname)
    from pg_namespace where nspname in (${names})
    union all
    select format('alter %s %s',
      case relkind when 'v' then 'view' else 'table' end, oid::regclass)
    from pg_class where relkind in ('r', 'p', 'v')
      and relnamespace::regnamespace::text in (${names})
    union all
    select format('alter routine %s', oid::regprocedure)
    from pg_proc where pronamespace::regnamespace::text in (${names})
    union all
    select format('alter type %s', oid::regtype)
    from pg_type where typtype in ('d', 'e')
      and typnamespace::regnamespace::text in (${names})
  loop
    execute command || ' owner to ' || quote_ident(${literal(role)});
  end loop;
end ${tag};`;
}

/** Lets the role read and change the rows of a schema, also in tables that its owners make later. */
export function writeSql({ role }: Grantee, { name, owner, otherOwners }: SchemaRights): string[] {
  const grantee = quoted(role);
  const owners = new Set([...(owner === null ? [] : [owner]), ...otherOwners]);
  return [
    `grant usage on schema ${name} to ${grantee};`,
    `grant select, insert, update, delete on all tables in schema ${name} to ${grantee};`,
    `grant usage on all sequences in schema ${name} to ${grantee};`,
    `grant execute on all functions in schema ${name} to ${grantee};`,
    ...[...owners].flatMap((one) => {
      const later = `alter default privileges for role ${quoted(one)} in schema ${name}`;
      return [
        `${later}\n  grant select, insert, update, delete on tables to ${grantee};`,
        `${later}\n  grant usage on sequences to ${grantee};`,
      ];
    }),
  ];
}

/** Lets the role read a schema, also tables that its owners make later. */
export function readSql({ role }: Pick<Grantee, 'role'>, { name, owner }: SchemaRights): string[] {
  return [
    `grant usage on schema ${name} to ${quoted(role)};`,
    `grant select on all tables in schema ${name} to ${quoted(role)};`,
    `grant execute on all functions in schema ${name} to ${quoted(role)};`,
    ...(owner === null
      ? []
      : [
          `alter default privileges for role ${quoted(owner)} in schema ${name}\n  grant select on tables to ${quoted(role)};`,
        ]),
  ];
}

/** Lets the role make tables in an empty schema. */
export function fillSchemaSql({ role }: Grantee, { name }: SchemaRights): string {
  return `grant usage, create on schema ${name} to ${quoted(role)};`;
}

/** Lets the role make others readers of the reports. */
export function grantReaderSql(rights: RoleRights, reports: SchemaRights): string[] {
  const { role, hasReaderRole, mayGrantReaderRole, readersMayRead } = rights;
  return [
    ...(hasReaderRole ? [] : ['create role cdd_reader nologin;']),
    ...(mayGrantReaderRole ? [] : [`grant cdd_reader to ${quoted(role)} with admin option;`]),
    ...(readersMayRead ? [] : readSql({ role: 'cdd_reader' }, reports)),
  ];
}

/** A quotation mark for a block that does not occur in the text. */
function dollarTag(text: string): string {
  let name = '';
  while (text.includes(`$${name}$`)) name += 'x';
  return `$${name}$`;
}
