import { accountsWithHistory } from '../../store/ledger/verify/accounts.ts';
import type { Database } from '../../store/postgres/pool.ts';
import { requireKnown } from '../account-list.ts';

/** @throws UsageError for an account that has no rows, with the nearest one. */
export async function requireAccountsWithHistory(database: Database, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) requireKnown(ids, await accountsWithHistory(database));
}
