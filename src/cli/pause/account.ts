import { readConfig } from '../../config/config.ts';
import { ConfigError } from '../../config/problems.ts';
import type { Account } from '../../model/account.ts';
import { addAccount } from '../../store/accounts/accounts.ts';
import { accountsWithPauses, type PausableAccount } from '../../store/accounts/pauses.ts';
import type { Database } from '../../store/postgres/pool.ts';
import { unknownAccountError } from '../account-list.ts';
import type { ProcessContext } from '../process-context.ts';

const LATER = 'A merchant that a partner got lately is known after the next cdd-sync sync.';

/**
 * The account with this id. A configured account that no worker has seen yet is added to the database, so that its first
 * run can be paused too. The configuration is only read for that: an error in it must not hinder a pause.
 * @throws UsageError for an id that is neither in the database nor configured.
 */
export async function findAccount(
  database: Database,
  id: string,
  context: Pick<ProcessContext, 'variables' | 'cwd'>,
): Promise<PausableAccount> {
  const known = await accountsWithPauses(database);
  const found = known.find((account) => account.id === id);
  if (found !== undefined) return found;
  const configured = await configuredAccounts(context);
  const account = configured.find((candidate) => candidate.id === id);
  if (account === undefined) throw unknownAccountError([id], idsOf([...known, ...configured]), LATER);
  await addAccount(database, account);
  return { id, enabled: true, pause: null, runningSince: null };
}

async function configuredAccounts({ variables, cwd }: Pick<ProcessContext, 'variables' | 'cwd'>): Promise<Account[]> {
  try {
    return (await readConfig({ env: variables, cwd })).accounts;
  } catch (error) {
    if (error instanceof ConfigError) return [];
    throw error;
  }
}

function idsOf(accounts: readonly { id: string }[]): string[] {
  return [...new Set(accounts.map(({ id }) => id))].sort();
}
