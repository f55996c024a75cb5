import type { Database } from '../postgres/pool.ts';
import { READER } from '../reports/reader-roles.ts';
import { oddZones, oddZoneText } from '../reports/reader-zones.ts';
import { type Finding, finding } from './finding.ts';

/** Readers that count months otherwise than the reports do, and grants that reach every reader. */
export async function checkReaders(database: Database): Promise<Finding> {
  const zones = await oddZones(database);
  const messages = [
    ...(await grantsToAll(database)).map(
      (role) => `what was granted to ${role} reaches every reader: cdd-sync grant-reader --role ${role} --none`,
    ),
    ...zones.map(oddZoneText),
  ];
  if (messages.length === 0) return finding('readers', 'ok', 'they count days and months as the reports do');
  const statements = zones.map(({ sql }) => sql);
  return finding('readers', 'warning', messages.join('\n'), statements);
}

/** Roles with grants of which every reader is a member. */
async function grantsToAll(database: Database): Promise<string[]> {
  const rows = await database.$queryRaw<{ role: string }[]>`
    select distinct role_name as role
    from cdd.reader_grants
    join pg_catalog.pg_roles as granted_role on granted_role.rolname = role_name
    join pg_catalog.pg_roles as reader_role on reader_role.rolname = ${READER}
    where pg_has_role(reader_role.oid, granted_role.oid, 'member')
    order by 1`;
  return rows.map(({ role }) => role);
}
