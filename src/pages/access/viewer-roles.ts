import { quoted } from '../../store/postgres/identifier.ts';
import type { Database } from '../../store/postgres/pool.ts';
import type { AccessLog } from './wrong-tokens.ts';

type RoleState = { role: string; exists: boolean; may_set: boolean; may_read: boolean; worker: string };

/** Logs a warning for each role that does not exist, may read nothing, or cannot be set by the worker. */
export async function warnOfViewerRoles(
  database: Database,
  viewers: readonly { name: string; role: string }[],
  log: AccessLog,
): Promise<void> {
  if (viewers.length === 0) return;
  const roles = [...new Set(viewers.map(({ role }) => role))];
  for (const state of await readRoles(database, roles)) {
    const names = viewers.filter(({ role }) => role === state.role).map(({ name }) => name);
    const problem = roleProblem(state);
    if (problem !== null) log.warn({ viewers: names, role: state.role }, problem);
  }
}

/** The problem of a viewer's role with its remedy; null = no problem. */
function roleProblem({ role, exists, may_set, may_read, worker }: RoleState): string | null {
  if (!exists) {
    return `The pages cannot be shown to these viewers: there is no role ${quoted(role)}. Run: create role ${quoted(role)}; then cdd-sync grant-reader`;
  }
  if (!may_set) {
    return `The pages cannot be shown to these viewers: the worker may not act as their role. Run: grant ${quoted(role)} to ${quoted(worker)};`;
  }
  if (may_read) return null;
  return 'The pages show these viewers nothing: their role may read no report. Run cdd-sync grant-reader for it';
}

function readRoles(database: Database, roles: readonly string[]): Promise<RoleState[]> {
  // Until Postgres 15, every member of a role may act as it.
  return database.$queryRaw<RoleState[]>`
    select
      wanted.role,
      found.oid is not null as exists,
      case
        when found.oid is null then false
        when current_setting('server_version_num')::integer >= 160000 then pg_has_role(current_user, found.oid, 'SET')
        else pg_has_role(current_user, found.oid, 'MEMBER')
      end as may_set,
      coalesce(
        has_schema_privilege(found.oid, reporting.oid, 'usage') and has_table_privilege(found.oid, cases.oid, 'select'),
        false
      ) as may_read,
      current_user::text as worker
    from unnest(${[...roles]}::text[]) as wanted (role)
    left join pg_catalog.pg_roles as found on found.rolname = wanted.role
    left join pg_catalog.pg_namespace as reporting on reporting.nspname = 'reporting'
    left join pg_catalog.pg_class as cases on cases.relnamespace = reporting.oid and cases.relname = 'cases'`;
}
