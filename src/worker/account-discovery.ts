import { setTimeout as delay } from 'node:timers/promises';
import type { Partner } from '../config/config.ts';
import type { DinteroClient } from '../dintero/client.ts';
import type { Log } from '../log.ts';
import type { Account } from '../model/account.ts';
import { SyncError } from '../model/sync-error.ts';
import { dueTimesAfter, dueTimesAfterChange } from '../schedule/staleness.ts';
import { knownMerchants, saveAccounts } from '../store/accounts/accounts.ts';
import { saveSchedules } from '../store/accounts/schedules.ts';
import { outageKind } from '../store/postgres/outages.ts';
import type { Database } from '../store/postgres/pool.ts';
import {
  type AccountConfig,
  accountsOf,
  discoveringPartners,
  type MerchantList,
  merchantAccount,
  uniqueById,
} from './merchant-accounts.ts';

const DISCOVERY_INTERVAL_MS = 24 * 3_600_000;
const RETRY_INTERVAL_MS = 10 * 60_000;

export type DiscoveryContext = {
  config: AccountConfig;
  dintero: Pick<DinteroClient, 'listMerchants'>;
  database: Database;
  log: Log;
  signal: AbortSignal;
  /** Whether accounts are only looked up: nothing is written. */
  isDryRun?: boolean;
  /** The last logged error of each partner. The same error again is logged at debug. */
  told?: Map<string, string>;
};

type UpdateContext = Pick<DiscoveryContext, 'config' | 'database' | 'isDryRun'>;

/**
 * Asks the API for the partners' merchants, and updates cdd.accounts. Returns all accounts to sync, and the ids of the
 * partners with a failed discovery, which keep their known merchants.
 * @throws SyncError when the signal aborts or the database fails.
 */
export async function discoverAccounts(
  context: DiscoveryContext,
): Promise<{ accounts: readonly Account[]; failed: string[] }> {
  const { config, log } = context;
  const partners = discoveringPartners(config);
  const results = await Promise.all(partners.map((partner) => listMerchants(partner, context)));
  const lists = results.filter((list) => list !== null);
  const { accounts, disabled } = await updateAccounts(lists, context);
  if (disabled.length > 0) {
    log.info({ accounts: disabled }, 'disabled accounts that are no longer configured or listed; their data is kept');
  }
  const listed = lists.map(({ partner }) => partner.id);
  return { accounts, failed: partners.map(({ id }) => id).filter((id) => !listed.includes(id)) };
}

/** Repeats discovery daily, or every ten minutes while it fails, until the signal aborts. */
export async function discoverRepeatedly(
  context: DiscoveryContext,
  onAccounts: (accounts: readonly Account[]) => Promise<void>,
): Promise<void> {
  const { config, log, signal } = context;
  if (discoveringPartners(config).length === 0) return;
  const told = new Map<string, string>();
  while (!signal.aborted) {
    let hasFailed = true;
    try {
      const { accounts, failed } = await discoverAccounts({ ...context, told });
      hasFailed = failed.length > 0;
      await onAccounts(accounts);
    } catch (err) {
      const level = outageKind(err) === null ? 'error' : 'debug';
      if (!signal.aborted) log[level]({ err }, 'discovery failed; known merchants are synced as before');
    }
    await delay(hasFailed ? RETRY_INTERVAL_MS : DISCOVERY_INTERVAL_MS, undefined, { signal }).catch(() => {});
  }
}

/** The accounts to sync as far as configuration and database know them, without a request to the API. */
export async function knownAccounts(context: UpdateContext): Promise<readonly Account[]> {
  return (await updateAccounts([], context)).accounts;
}

/** Whether a merchant that is not in the list is gone: an item that could not be read may be that merchant. */
function isComplete({ complete, skipped }: Pick<MerchantList, 'complete' | 'skipped'>): boolean {
  return complete && skipped === 0;
}

/** Null when the API cannot list the partner's merchants. */
async function listMerchants(
  partner: Partner,
  { dintero, log, signal, told = new Map<string, string>() }: DiscoveryContext,
): Promise<MerchantList | null> {
  const { id } = partner;
  try {
    const list = { ...(await dintero.listMerchants(partner, signal)), partner };
    const active = list.merchants.filter((merchant) => merchant.active).length;
    told.delete(id);
    const counts = { partner: id, merchants: active, inactive: list.merchants.length - active, skipped: list.skipped };
    if (isComplete(list)) log.info(counts, 'merchants discovered');
    else
      log.warn(counts, `${id}: the list of merchants could not be read completely; no merchant is disabled for that`);
    return list;
  } catch (error) {
    if (!(error instanceof SyncError) || signal.aborted) throw error;
    const { code, message } = error;
    const level = told.get(id) === code ? 'debug' : 'error';
    told.set(id, code);
    log[level]({ partner: id, code }, `${message} The known merchants of ${id} are synced as before.`);
    return null;
  }
}

/** Saves the configured and listed accounts, and keeps the known merchants of partners without a complete list. */
async function updateAccounts(
  lists: readonly MerchantList[],
  { config, database, isDryRun = false }: UpdateContext,
): Promise<{ accounts: Account[]; disabled: string[] }> {
  const accounts = accountsOf(config, lists);
  const completeIds = lists.filter(isComplete).map(({ partner }) => partner.id);
  const incomplete = discoveringPartners(config).filter(({ id }) => !completeIds.includes(id));
  const partnerIds = incomplete.map(({ id }) => id);
  const goneIds = lists.flatMap(({ merchants }) => merchants.filter(({ active }) => !active).map(({ id }) => id));
  const disabled = isDryRun ? [] : await saveAccounts(database, accounts, { partnerIds, goneIds });
  const known = (await knownMerchants(database, partnerIds)).filter(({ id }) => !goneIds.includes(id));
  const kept = known.flatMap(({ partnerId, ...merchant }) =>
    incomplete
      .filter(({ id }) => id === partnerId)
      .map((partner) => merchantAccount(merchant, partner, config.schedule)),
  );
  const all = uniqueById([...accounts, ...kept]);
  if (!isDryRun) await saveSchedules(database, all, config.timezone, { dueTimesAfter, dueTimesAfterChange });
  return { accounts: all, disabled };
}
