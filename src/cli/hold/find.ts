import { type CaseKey, parseCaseName } from '../../model/case-key.ts';
import { UsageError } from '../../model/usage-error.ts';
import type { Database } from '../../store/postgres/pool.ts';
import { findCase } from '../case/find.ts';
import { requireVisibleAccounts } from '../reports/find.ts';

/**
 * The case of an id in an account's list. `verb` is for the advice.
 * @throws UsageError when there is none, or several; if another account has the case, it is named.
 */
export async function findHoldable(
  database: Database,
  { id, account, verb }: { id: string; account: string | undefined; verb: 'hold' | 'release' },
): Promise<CaseKey> {
  const accounts = account === undefined ? [] : [account];
  await requireVisibleAccounts(database, accounts);
  return database.transact(
    async (tx) => {
      try {
        return await findCase(tx, id, accounts);
      } catch (error) {
        if (account === undefined || parseCaseName(id).accountId !== null) throw error;
        const elsewhere = await findCase(tx, id, []).catch(() => null);
        if (elsewhere === null) throw error;
        const { accountId, caseId } = elsewhere;
        throw new UsageError(
          `${account} has no case ${caseId} in its list, but ${accountId} has: cdd-sync ${verb} ${caseId} --account ${accountId} --reason TEXT`,
        );
      }
    },
    { isReadOnly: true },
  );
}
