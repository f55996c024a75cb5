import type { Database } from '../postgres/pool.ts';
import { setSql, settingsHere } from './role-settings.ts';

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
          select setting.value
          from (${settingsHere}) as setting
          where setting.role in (0, login.oid) and setting.name = 'timezone'
          order by setting.place
          limit 1
        ),
        (select reset_val from pg_catalog.pg_settings where name = 'TimeZone')
      ) as name
    ) as zone
    where login.rolcanlogin
      and not has_schema_privilege(login.oid, 'cdd', 'usage')
      and lower(zone.name) <> lower(report_settings.timezone)
    order by 1`;
  return rows.map((row) => ({ ...row, sql: setSql(row, { name: 'timezone', value: row.wanted }) }));
}

/** A sentence for people who administer readers. */
export function oddZoneText({ role, timezone, wanted }: OddZone): string {
  return `sessions of ${role} are in ${timezone}, so tools count other months than the reports, which are in ${wanted}`;
}
