import type { Log } from '../../log.ts';
import type { Account } from '../../model/account.ts';
import { pausedText } from '../../model/pause.ts';
import { currentPauses } from '../../store/accounts/pauses.ts';
import type { Database } from '../../store/postgres/pool.ts';
import { type DiscoveryContext, discoverAccounts, knownAccounts } from '../../worker/account-discovery.ts';
import { requireKnown } from '../account-list.ts';
import { instantText } from '../terminal/time.ts';

// The accounts that a sync reads.

/** Discovers merchants, unless all the requested accounts are known already. */
export async function findAccounts(ids: string[], context: DiscoveryContext): ReturnType<typeof discoverAccounts> {
  const accounts = await knownAccounts(context);
  const allKnown = ids.length > 0 && ids.every((id) => accounts.some((account) => account.id === id));
  return allKnown ? { accounts, failed: [] } : discoverAccounts(context);
}

/** The accounts with these ids, or all. @throws UsageError for an unknown id, with the nearest one. */
export function selectAccounts(accounts: readonly Account[], ids: string[]): readonly Account[] {
  const known = accounts.map(({ id }) => id);
  requireKnown(ids, known, 'These are the accounts of the configuration.');
  return ids.length === 0 ? accounts : accounts.filter((account) => ids.includes(account.id));
}

/**
 * The accounts that are not paused, with a line about the others. Null after an error if a paused account was asked for
 * by its id: the answer must not look like a run.
 */
export async function withoutPaused(
  accounts: readonly Account[],
  { ids, database, log, timezone }: { ids: readonly string[]; database: Database; log: Log; timezone: string },
): Promise<readonly Account[] | null> {
  const pauses = (await currentPauses(database)).filter(({ accountId }) => accounts.some(({ id }) => id === accountId));
  const isAskedFor = ids.length > 0;
  for (const pause of pauses) {
    const text = pausedText(pause, (at) => instantText(at, timezone));
    const advice = `to read it, continue its runs first: cdd-sync resume ${pause.accountId}`;
    if (isAskedFor) log.error({ account: pause.accountId }, `${text} Nothing was read; ${advice}`);
    else log.warn({ account: pause.accountId }, `${text} It is left out; ${advice}`);
  }
  if (isAskedFor && pauses.length > 0) return null;
  return accounts.filter(({ id }) => pauses.every(({ accountId }) => accountId !== id));
}
