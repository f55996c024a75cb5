import type { CaseKey } from '../../model/case-key.ts';
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
  const [, account = asked, id = ''] = /^(?:(.*)\/)?([^/]*)$/s.exec(text.trim()) ?? [];
  if (account === undefined || (asked !== undefined && asked !== account)) {
    throw new UsageError('erase needs one account, as --account ID or in --case ACCOUNT/ID');
  }
  await requireVisibleAccounts(database, [account]);
  if (!isUuid(id)) {
    throw new UsageError(
      `${visibleLine(id)} is not the whole id of a case, which has 36 characters; erase needs all of it`,
    );
  }
  return database.transact((tx) => findCase(tx, id, [account]), { isReadOnly: true });
}
