import { accountsWithHistory } from '../../store/ledger/verify/accounts.ts';
import { type NewestLink, readChain } from '../../store/ledger/verify/links.ts';
import type { Database } from '../../store/postgres/pool.ts';

/** The newest link of each account that has a chain; of all accounts, if none is named. */
export async function newestLinks(
  database: Database,
  accountIds: readonly string[],
  requireKnown: (accountIds: readonly string[], known: readonly string[]) => void,
): Promise<(NewestLink & { accountId: string })[]> {
  return database.transact(
    async (tx) => {
      const known = await accountsWithHistory(tx);
      requireKnown(accountIds, known);
      const links: (NewestLink & { accountId: string })[] = [];
      for (const accountId of accountIds.length === 0 ? known : accountIds) {
        const { newest } = await readChain(tx, accountId);
        if (newest !== null) links.push({ accountId, ...newest });
      }
      return links;
    },
    { isReadOnly: true },
  );
}
