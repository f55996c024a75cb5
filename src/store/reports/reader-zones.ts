import { literal, quoted } from '../postgres/identifier.ts';
import type { Database } from '../postgres/pool.ts';

/** A login whose sessions have another time zone than the reports: date_trunc gives other months than the views. */
export type OddZone = { role: string; timezone: string; wanted: string; sql: string };

/**
 * Logins that see reports in another time zone than the reports': of all readers, or of one role and its members.
 * Settings of a role do not hold for its members, so each login counts. A client may set another zone by itself.
 */
export async function oddZones(database: Database, role: string | null = null): Promise<OddZone[]> {
  const rows = await database.$queryRaw<(Omit<OddZone, 'sql'> & { database: string })[]>`
    with recursive reader (oid) as (
      select granted_role.oid
      from cdd.reader_grants as reader_grant
      join pg_catalog.pg_roles as granted_role on granted_role.rolname = reader_grant.role_name
      where reader_grant.role_name = coalesce(${role}, reader_grant.role_name)
      union
      select membership.member
      from reader
      join pg_catalog.pg_auth_members as membership on membership.roleid = reader.oid
    )
    select
      login.rolname::text as role,
      zone.name as timezone,
      report_settings.timezone as wanted,
      current_database()::text as database
    from reader
    join pg_catalog.pg_roles as login on login.oid = reader.oid
    cross join cdd.report_settings
    cross join lateral (
      select coalesce(
        (
          select substr(entry, strpos(entry, '=') + 1)
          from pg_catalog.pg_db_role_setting
          cross join unnest(setconfig) as entry
          where setrole in (0, login.oid)
            and setdatabase in (0, (select oid from pg_catalog.pg_database where datname = current_database()))
            and lower(entry) like 'timezone=%'
          order by setrole = 0, setdatabase = 0
          limit 1
        ),
        (select reset_val from pg_catalog.pg_settings where name = 'TimeZone')
      ) as name
    ) as zone
    where login.rolcanlogin
      and not has_schema_privilege(login.oid, 'cdd', 'usage')
      and lower(zone.name) <> lower(report_settings.timezone)
    order by 1`;
  return rows.map((row) => ({
    ...row,
    sql: `alter role ${quoted(row.role)} in database ${quoted(row.database)} set timezone = ${literal(row.wanted)};`,
  }));
}
