// Settings of roles that hold in this database.
import { literal, quoted } from '../postgres/identifier.ts';
import { Prisma } from '../postgres/pool.ts';

/** `name` in small letters, as `alter role … set` takes it. */
export type Setting = { name: string; value: string };

/**
 * A query of all settings that hold in this database; `role` 0 = for all roles. Of one name, sessions get the setting
 * with the lowest `place`: 1 = of the role in this database, 2 = of the role, 3 = of the database, 4 = of all roles.
 */
export const settingsHere = Prisma.sql`
  select
    setrole as role,
    case when setrole = 0 then 3 else 1 end + (setdatabase = 0)::integer as place,
    lower(split_part(entry, '=', 1)) as name,
    substr(entry, strpos(entry, '=') + 1) as value
  from pg_catalog.pg_db_role_setting
  cross join unnest(setconfig) as entry
  where setdatabase in (0, (select oid from pg_catalog.pg_database where datname = current_database()))`;

type RoleHere = { role: string; database: string };

/** The statement that gives a role the setting in this database. */
export function setSql(roleHere: RoleHere, { name, value }: Setting): string {
  return `${alterSql(roleHere)} set ${name} = ${literal(value)};`;
}

/** The statement that takes the setting away again. */
export function resetSql(roleHere: RoleHere, name: string): string {
  return `${alterSql(roleHere)} reset ${name};`;
}

function alterSql({ role, database }: RoleHere): string {
  return `alter role ${quoted(role)} in database ${quoted(database)}`;
}
