import { accountsWithHistory } from '../../store/ledger/verify/accounts.ts';
import { type NewestLink, readChain } from '../../store/ledger/verify/links.ts';
import type { Database } from '../../store/postgres/pool.ts';

/** The newest link of each account that has a chain; of all accounts, if none is named. */
export async function newestLinks(
  database: Database,
  accountIds: readonly string[],
): Promise<(NewestLink & { accountId: string })[]> {
  return database.transact(
    async (tx) => {
      const links: (NewestLink & { accountId: string })[] = [];
      for (const accountId of accountIds.length === 0 ? await accountsWithHistory(tx) : accountIds) {
        const { newest } = await readChain(tx, accountId);
        if (newest !== null) links.push({ accountId, ...newest });
      }
      return links;
    },
    { isReadOnly: true },
  );
}
