import type { Config, Partner } from '../config/config.ts';
import type { Dintero } from '../dintero/client.ts';
import type { Log } from '../log.ts';
import type { Account } from '../model/account.ts';
import { SyncError } from '../model/sync-error.ts';
import { keepAccounts, knownMerchants } from '../store/accounts/accounts.ts';
import type { Database } from '../store/postgres/pool.ts';
import { noteSchedules } from '../store/reports/settings.ts';
import { longestIntervalSeconds } from './schedule.ts';

type Setting = Pick<Config, 'accounts' | 'partners' | 'schedule'>;

/** What discovery works with. */
export type Discovering = {
  config: Setting;
  dintero: Pick<Dintero, 'listMerchants'>;
  database: Database;
  log: Log;
  signal: AbortSignal;
};

/** What the API listed for a partner. */
export type Discovery = Awaited<ReturnType<Dintero['listMerchants']>> & { partner: Partner };

/**
 * The accounts to sync, the merchants that the API lists for discovering partners among them, and which partners'
 * discovery failed: their known merchants stay. Brings cdd.accounts in step.
 * @throws SyncError when the signal aborts, or the database fails.
 */
export async function tryDiscovery(
  discovering: Discovering,
): Promise<{ accounts: readonly Account[]; failed: string[] }> {
  const { config, database, log } = discovering;
  const partners = discoveringPartners(config);
  const told = (await Promise.all(partners.map((partner) => discover(partner, discovering)))).filter(
    (discovery) => discovery !== null,
  );
  const { accounts, disabled } = await bringInStep(config, told, database);
  if (disabled.length > 0)
    log.info({ accounts: disabled }, 'no longer configured or listed: disabled, their data stay');
  const answered = told.map(({ partner }) => partner.id);
  return { accounts, failed: partners.map(({ id }) => id).filter((id) => !answered.includes(id)) };
}

/** The accounts to sync as far as they are known without asking the API; brings cdd.accounts in step. */
export async function knownAccounts(config: Setting, database: Database): Promise<readonly Account[]> {
  return (await bringInStep(config, [], database)).accounts;
}

/**
 * A merchant that another replica may have discovered; undefined if nobody has. Only reads: a replica whose
 * configuration is older must not bring cdd.accounts in step with it because of a job it does not know.
 */
export async function findMerchant(config: Setting, database: Database, id: string): Promise<Account | undefined> {
  const partners = discoveringPartners(config);
  const known = await knownMerchants(
    database,
    partners.map((partner) => partner.id),
  );
  const merchant = known.find((one) => one.id === id);
  const partner = partners.find((one) => one.id === merchant?.partnerId);
  return merchant && partner && merchantAccount(merchant, partner, config.schedule);
}

/** The partners whose every merchant is an account. */
export function discoveringPartners({ partners }: Pick<Config, 'partners'>): Partner[] {
  return partners.filter((partner) => partner.discover);
}

/** The configured accounts, and the active merchants that were listed. */
export function accountsOf({ accounts, schedule }: Setting, discoveries: readonly Discovery[]): Account[] {
  const discovered = discoveries.flatMap(({ partner, merchants }) =>
    merchants
      .filter(({ active }) => active)
      .map(({ id, name }) => merchantAccount({ id, label: name }, partner, schedule)),
  );
  return firstOfEach([...accounts, ...discovered]);
}

/** A discovered merchant as an account. */
function merchantAccount(
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

/** Whether a merchant that is not in it is gone: not if one that could not be read may be that one. */
function isWhole({ complete, skipped }: Pick<Discovery, 'complete' | 'skipped'>): boolean {
  return complete && skipped === 0;
}

/** Null when it failed. */
async function discover(partner: Partner, { dintero, log, signal }: Discovering): Promise<Discovery | null> {
  const { id } = partner;
  try {
    const listed = await dintero.listMerchants(partner, signal);
    const { merchants, skipped } = listed;
    const active = merchants.filter((merchant) => merchant.active).length;
    const counts = { partner: id, merchants: active, inactive: merchants.length - active, skipped };
    if (isWhole(listed)) log.info(counts, 'merchants discovered');
    else log.warn(counts, `${id}: its list of merchants could not be read as a whole; none is taken for gone`);
    return { ...listed, partner };
  } catch (error) {
    if (!(error instanceof SyncError) || signal.aborted) throw error;
    const { code, message } = error;
    log.error({ partner: id, code }, `${message} The known merchants of ${id} are synced as before.`);
    return null;
  }
}

async function bringInStep(
  config: Setting,
  told: readonly Discovery[],
  database: Database,
): Promise<{ accounts: Account[]; disabled: string[] }> {
  const accounts = accountsOf(config, told);
  const sure = told.filter(isWhole).map(({ partner }) => partner.id);
  const unsure = discoveringPartners(config).filter(({ id }) => !sure.includes(id));
  const partnerIds = unsure.map(({ id }) => id);
  const goneIds = told.flatMap(({ merchants }) => merchants.filter(({ active }) => !active).map(({ id }) => id));
  const disabled = await keepAccounts(database, accounts, { partnerIds, goneIds });
  await keepSchedules(database, accounts);
  const known = await knownMerchants(database, partnerIds);
  const kept = known.flatMap(({ partnerId, ...merchant }) =>
    unsure.filter(({ id }) => id === partnerId).map((partner) => merchantAccount(merchant, partner, config.schedule)),
  );
  return { accounts: firstOfEach([...accounts, ...kept]), disabled };
}

async function keepSchedules(database: Database, accounts: readonly Account[]): Promise<void> {
  const bySchedule = Map.groupBy(accounts, ({ schedule }) => schedule);
  const noted = [...bySchedule].map(async ([schedule, sharing]) => {
    const seconds = await longestIntervalSeconds(schedule);
    return sharing.map(({ id }) => ({ accountId: id, seconds }));
  });
  await noteSchedules(database, (await Promise.all(noted)).flat());
}

/** What comes first wins: the configured before the discovered. A merchant of two partners is one account. */
function firstOfEach(accounts: readonly Account[]): Account[] {
  return [...Map.groupBy(accounts, ({ id }) => id).values()].flatMap((same) => same.slice(0, 1));
}
