import { type CaseKey, parseCaseName } from '../../model/case-key.ts';
import { UsageError } from '../../model/usage-error.ts';
import { isUuid } from '../../model/uuid.ts';
import { visibleLine } from '../../model/visible-text.ts';
import type { Database } from '../../store/postgres/pool.ts';
import { findCase } from '../case/find.ts';
import { requireVisibleAccounts } from '../reports/find.ts';

/**
 * The case to erase, also of ACCOUNT/ID without `account`.
 * @throws UsageError for an unknown account or case, and for a part of an id: an erasure cannot be undone.
 */
export async function findErasable(database: Database, asked: string | undefined, text: string): Promise<CaseKey> {
  const { accountId, caseId } = parseCaseName(text);
  const account = accountId ?? asked;
  if (account === undefined || (asked !== undefined && asked !== account)) {
    throw new UsageError('erase needs one account, as --account ID or in --case ACCOUNT/ID');
  }
  await requireVisibleAccounts(database, [account]);
  if (!isUuid(caseId)) {
    throw new UsageError(
      `${visibleLine(caseId)} is not the whole id of a case, which has 36 characters; erase needs all of it`,
    );
  }
  return database.transact((tx) => findCase(tx, caseId, [account]), { isReadOnly: true });
}
