import type { Config, Partner } from '../config/config.ts';
import type { DinteroClient } from '../dintero/client.ts';
import type { Account } from '../model/account.ts';

/** The part of the configuration that decides which accounts there are. */
export type AccountConfig = Pick<Config, 'accounts' | 'partners' | 'schedule' | 'timezone'>;

/** A partner's merchants as the API listed them. */
export type MerchantList = Awaited<ReturnType<DinteroClient['listMerchants']>> & { partner: Partner };

/** The partners with `discover: true`: each of their merchants is an account. */
export function discoveringPartners({ partners }: Pick<Config, 'partners'>): Partner[] {
  return partners.filter((partner) => partner.discover);
}

/** The configured accounts and the active merchants of the lists. */
export function accountsOf({ accounts, schedule }: AccountConfig, lists: readonly MerchantList[]): Account[] {
  const discovered = lists.flatMap(({ partner, merchants }) =>
    merchants
      .filter(({ active }) => active)
      .map(({ id, name }) => merchantAccount({ id, label: name }, partner, schedule)),
  );
  return uniqueById([...accounts, ...discovered]);
}

/** A discovered merchant as an account that is read with its partner's client. */
export function merchantAccount(
  { id, label }: Pick<Account, 'id' | 'label'>,
  { id: partnerId, clientId, clientSecret, audience }: Partner,
  schedule: string,
): Account {
  return {
    id,
    label,
    schedule,
    credentials: { kind: 'partner', partnerId, clientId, clientSecret, audience },
    filters: { products: [], caseStatus: [], actionsOnApproval: [], payoutDestinationId: null },
    includeContracts: false,
    webhookSecret: null,
  };
}

/**
 * Keeps the first account of each id: a configured one before a discovered one, and one for a merchant of two partners.
 */
export function uniqueById(accounts: readonly Account[]): Account[] {
  return [...Map.groupBy(accounts, ({ id }) => id).values()].flatMap((same) => same.slice(0, 1));
}
