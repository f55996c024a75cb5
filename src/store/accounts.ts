import type { Account } from '../account.ts';
import type { Database } from './database.ts';

/** Brings cdd.accounts in step with the configuration: new ones are added, those that left it are disabled. */
export async function keepAccounts(database: Database, accounts: readonly Account[]): Promise<void> {
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
    set label = excluded.label, partner_id = excluded.partner_id, enabled = true
    where (held.label, held.partner_id, held.enabled) is distinct from (excluded.label, excluded.partner_id, true)`;
  await database.$executeRaw`
    update cdd.accounts
    set enabled = false
    where enabled and id <> all(${ids}::text[])`;
}
