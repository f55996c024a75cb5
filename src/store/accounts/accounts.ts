import type { Account } from '../../model/account.ts';
import type { Database } from '../postgres/pool.ts';

/** Of which partners it is not known whether a merchant that is not among the accounts is gone. */
export type Unsure = {
  partnerIds: readonly string[];
  /** Merchants of theirs that are gone for certain. */
  goneIds: readonly string[];
};

const SURE: Unsure = { partnerIds: [], goneIds: [] };

/**
 * Brings cdd.accounts in step with the accounts to sync: new ones are added, those that are no longer among them are
 * disabled. One that comes back may be tried at once, whatever the API said to it before. Gives the ids that were
 * disabled.
 */
export async function keepAccounts(
  database: Database,
  accounts: readonly Account[],
  unsure: Unsure = SURE,
): Promise<string[]> {
  const ids = accounts.map((account) => account.id);
  const partners = accounts.map(({ credentials }) => (credentials.kind === 'partner' ? credentials.partnerId : null));
  await database.$executeRaw`
    insert into cdd.accounts as held (id, label, environment, partner_id)
    select id, label, case left(id, 1) when 'T' then 'test' else 'production' end, partner_id
    from unnest(
      ${ids}::text[],
      ${accounts.map((account) => account.label)}::text[],
      ${partners}::text[]
    ) as configured (id, label, partner_id)
    order by id
    on conflict (id) do update
    set
      label = excluded.label,
      partner_id = excluded.partner_id,
      enabled = true,
      refusals = case when held.enabled then held.refusals else 0 end,
      next_try_at = case when held.enabled then held.next_try_at end
    where (held.label, held.partner_id, held.enabled) is distinct from (excluded.label, excluded.partner_id, true)`;
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
          or partner_id <> all(${[...unsure.partnerIds]}::text[])
          or id = any(${[...unsure.goneIds]}::text[])
        )
      -- In the order in which another replica's insert locks them, lest the two wait for each other in a circle.
      order by id
      for update
    )
    returning id`;
  return disabled.map(({ id }) => id).sort();
}

/** The enabled merchants of these partners, as they were discovered or configured last. */
export async function knownMerchants(
  database: Database,
  partnerIds: readonly string[],
): Promise<{ id: string; label: string | null; partnerId: string }[]> {
  return database.$queryRaw`
    select id, label, partner_id as "partnerId"
    from cdd.accounts
    where enabled and partner_id = any(${[...partnerIds]}::text[])
    order by id`;
}
