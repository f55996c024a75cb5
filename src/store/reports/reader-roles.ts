// The roles that may be made readers of the reports.
import { SyncError } from '../../model/sync-error.ts';
import { UsageError } from '../../model/usage-error.ts';
import { quoted } from '../postgres/identifier.ts';
import type { Transaction } from '../postgres/query.ts';

/** The role that may read schema `reporting`; readers are members of it. */
export const READER = 'cdd_reader';
/** Postgres cuts longer names off, so no role has one. */
const MAX_NAME_BYTES = 63;

type Role = { isSuperuser: boolean; mayUseTables: boolean; isAboveReaders: boolean };

/**
 * Refuses a role to which grants would mean something else than they say: all readers would see the accounts, or the
 * role sees every account anyway.
 * @throws UsageError with advice; SyncError DATABASE when there is no such role.
 */
export async function requireSuitableRole(tx: Transaction, name: string): Promise<void> {
  const problem = nameProblem(name);
  if (problem !== null) throw new UsageError(problem);
  const [role] = await tx.$queryRaw<Role[]>`
    select
      rolsuper as "isSuperuser",
      has_schema_privilege(oid, 'cdd', 'usage') as "mayUseTables",
      pg_has_role(${READER}, oid, 'member') as "isAboveReaders"
    from pg_catalog.pg_roles
    where rolname = ${name}`;
  if (role === undefined) throw unknownRoleError(name);
  const reason = roleProblem(name, role);
  if (reason !== null) throw new UsageError(reason);
}

export function unknownRoleError(role: string): SyncError {
  const message = `There is no role ${role}; make it first: create role ${quoted(role)} login password '…'`;
  return new SyncError('DATABASE', message);
}

function nameProblem(name: string): string | null {
  if (name === 'public') return `public is every role of the server, not a role. ${advice}`;
  if (name.startsWith('pg_')) {
    return `${name} is a role of Postgres itself: all its members would see these accounts. ${advice}`;
  }
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) {
    return `The name of a role has at most ${MAX_NAME_BYTES} bytes; Postgres cuts longer ones off: ${name}`;
  }
  return null;
}

function roleProblem(name: string, { isSuperuser, mayUseTables, isAboveReaders }: Role): string | null {
  if (name === READER) {
    return `Every reader is a member of ${READER}, so all of them would see these accounts. ${advice}`;
  }
  if (isSuperuser) return `${name} is a superuser, who sees every account whatever is granted. ${advice}`;
  if (mayUseTables) {
    return `${name} may use schema cdd, so it sees every account whatever is granted, and its settings must be those of a worker. ${advice}`;
  }
  if (isAboveReaders) {
    return `${READER} is a member of ${name}, so all readers would see these accounts. ${advice}`;
  }
  return null;
}

const advice = `Make a role for the people who may see the same accounts: create role "bi" login password '…'`;
