import { SyncError } from '../../model/sync-error.ts';
import { requireKnownAccounts } from '../accounts/accounts.ts';
import { identifier } from '../postgres/identifier.ts';
import type { Database, Transaction } from '../postgres/pool.ts';
import { READER, requireSuitableRole, unknownRoleError } from './reader-roles.ts';

/** Stands for every account, later ones too. */
export const EVERY_ACCOUNT = '*';

/**
 * Lets an existing role and its members read schema `reporting` for these accounts and no others. Without accounts, the
 * role loses all rights, also a role that would be refused otherwise. Without names, the role and its members see null
 * in their place, also if another role of theirs was granted with names.
 * @throws UsageError when grants to this role would mean something else than they say; SyncError DATABASE when the role
 * does not exist, or this user may not make or grant roles; NOT_FOUND for an account that the database does not have.
 */
export async function grantReader(
  database: Database,
  { role, accountIds, withNames = true }: { role: string; accountIds: readonly string[]; withNames?: boolean },
): Promise<void> {
  await database.transact(async (tx) => {
    if (!(await roleExists(tx, READER))) await tx.$executeRaw`create role ${identifier(READER)} nologin`;
    if (accountIds.length > 0) await requireSuitableRole(tx, role);
    else if (!(await roleExists(tx, role))) throw unknownRoleError(role);
    await requireKnownAccounts(
      tx,
      accountIds.filter((id) => id !== EVERY_ACCOUNT),
    );
    await tx.$executeRaw`grant usage on schema reporting to ${identifier(READER)}`;
    await tx.$executeRaw`grant select on all tables in schema reporting to ${identifier(READER)}`;
    await requireReadable(tx);
    await tx.$executeRaw`
      delete from cdd.reader_grants
      where role_name = ${role} and account_id <> all(${[...accountIds]}::text[])`;
    await tx.$executeRaw`
      insert into cdd.reader_grants (account_id, role_name, with_names)
      select distinct id, ${role}, ${withNames}::boolean from unnest(${[...accountIds]}::text[]) as requested_account (id)
      on conflict (account_id, role_name) do update set with_names = excluded.with_names`;
    if (role !== READER) await setMembership(tx, role, accountIds.length > 0);
  });
}

async function setMembership(tx: Transaction, role: string, wanted: boolean): Promise<void> {
  const [found] = await tx.$queryRaw<{ member: boolean }[]>`
    select exists (
      select
      from pg_catalog.pg_auth_members
      where roleid = ${READER}::regrole and member = (select oid from pg_catalog.pg_roles where rolname = ${role})
    ) as member`;
  if (found?.member === wanted) return;
  if (wanted) await tx.$executeRaw`grant ${identifier(READER)} to ${identifier(role)}`;
  else await tx.$executeRaw`revoke ${identifier(READER)} from ${identifier(role)}`;
}

/** Without the right to grant, Postgres only warns, and the readers would see nothing. */
async function requireReadable(tx: Transaction): Promise<void> {
  const [found] = await tx.$queryRaw<{ readable: boolean }[]>`
    select has_schema_privilege(${READER}, 'reporting', 'usage') as readable`;
  if (found?.readable) return;
  const message = `Role ${READER} may not use schema reporting, and only the owner of the schema can change that; cdd-sync check prints the SQL.`;
  throw new SyncError('DATABASE', message);
}

async function roleExists(tx: Transaction, role: string): Promise<boolean> {
  const [found] = await tx.$queryRaw<{ found: boolean }[]>`
    select exists (select from pg_catalog.pg_roles where rolname = ${role}) as found`;
  return found?.found === true;
}
