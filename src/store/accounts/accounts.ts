import type { Account } from '../../model/account.ts';
import { SyncError } from '../../model/sync-error.ts';
import type { Database, Transaction } from '../postgres/pool.ts';

/** Partners with an incomplete merchant list: a merchant that is missing from it must not be disabled. */
export type IncompletePartners = {
  partnerIds: readonly string[];
  /** Merchants of these partners that are gone for certain. */
  goneIds: readonly string[];
};

/**
 * Makes cdd.accounts equal to the accounts to sync: adds new ones, updates labels, disables the rest. An account that
 * is enabled again starts with a closed circuit breaker, and is due at once. Returns the ids of the accounts that it disabled.
 */
export async function saveAccounts(
  database: Database,
  accounts: readonly Account[],
  incomplete: IncompletePartners = { partnerIds: [], goneIds: [] },
): Promise<string[]> {
  const ids = accounts.map((account) => account.id);
  const partners = accounts.map(({ credentials }) => (credentials.kind === 'partner' ? credentials.partnerId : null));
  await database.$executeRaw`
    insert into cdd.accounts as existing_account (id, label, reported_label, environment, partner_id)
    select id, label, label, case left(id, 1) when 'T' then 'test' else 'production' end, partner_id
    from unnest(
      ${ids}::text[],
      ${accounts.map((account) => account.label)}::text[],
      ${partners}::text[]
    ) as configured_account (id, label, partner_id)
    order by id
    on conflict (id) do update
    set
      label = excluded.label,
      partner_id = excluded.partner_id,
      enabled = true,
      refusals = case when existing_account.enabled then existing_account.refusals else 0 end,
      next_try_at = case when existing_account.enabled then existing_account.next_try_at end,
      next_due_at = case when existing_account.enabled then existing_account.next_due_at else excluded.next_due_at end,
      stale_at = case when existing_account.enabled then existing_account.stale_at else excluded.stale_at end
    where (existing_account.label, existing_account.partner_id, existing_account.enabled)
      is distinct from (excluded.label, excluded.partner_id, true)`;
  const disabled = await database.$queryRaw<{ id: string }[]>`
    update cdd.accounts
    set enabled = false
    where id in (
      select id
      from cdd.accounts
      where enabled
        and id <> all(${ids}::text[])
        and (
          partner_id is null
          or partner_id <> all(${[...incomplete.partnerIds]}::text[])
          or id = any(${[...incomplete.goneIds]}::text[])
        )
      -- The insert of another replica locks rows in this order too; another order could deadlock.
      order by id
      for update
    )
    returning id`;
  return disabled.map(({ id }) => id).sort();
}

/** Adds a configured account that no worker has seen yet; an account that is there stays as it is. */
export async function addAccount(database: Database, { id, label, credentials }: Account): Promise<void> {
  const partnerId = credentials.kind === 'partner' ? credentials.partnerId : null;
  await database.$executeRaw`
    insert into cdd.accounts (id, label, reported_label, environment, partner_id)
    values (${id}, ${label}, ${label}, case left(${id}, 1) when 'T' then 'test' else 'production' end, ${partnerId})
    on conflict (id) do nothing`;
}

export type Merchant = { id: string; label: string | null; partnerId: string | null };

/** The enabled merchants of these partners, as they were last discovered or configured. */
export async function knownMerchants(database: Database, partnerIds: readonly string[]): Promise<Merchant[]> {
  // Without partners no query: it would load the client's query compiler for nothing.
  if (partnerIds.length === 0) return [];
  return database.account.findMany({
    where: { enabled: true, partnerId: { in: [...partnerIds] } },
    select: { id: true, label: true, partnerId: true },
    orderBy: { id: 'asc' },
  });
}

/** The end of the account's last succeeded run; null = it had none. */
export async function lastSuccessOf(database: Database, accountId: string): Promise<Date | null> {
  const [row] = await database.$queryRaw<{ at: Date | null }[]>`
    select last_success_at as at
    from cdd.accounts
    where id = ${accountId}`;
  return row?.at ?? null;
}

/** @throws SyncError NOT_FOUND for an account that the database does not have. */
export async function requireKnownAccounts(
  database: Pick<Transaction, '$queryRaw'>,
  accountIds: readonly string[],
): Promise<void> {
  const unknown = await database.$queryRaw<{ id: string }[]>`
    select id
    from unnest(${[...accountIds]}::text[]) as requested_account (id)
    where not exists (select from cdd.accounts where accounts.id = requested_account.id)
    order by id`;
  if (unknown.length === 0) return;
  const ids = unknown.map(({ id }) => id).join(', ');
  throw new SyncError(
    'NOT_FOUND',
    `not among the accounts in the database: ${ids}; cdd-sync status lists those that are`,
  );
}
