import { eraseDue } from '../../ledger/erase/due.ts';
import { counted } from '../../model/counted.ts';
import { UsageError } from '../../model/usage-error.ts';
import { dueCases } from '../../store/ledger/due-cases.ts';
import { renewStatistics } from '../../store/ledger/statistics.ts';
import type { Database } from '../../store/postgres/pool.ts';
import { loginName } from '../pause/login-name.ts';
import type { ProcessContext } from '../process-context.ts';
import { requireAccounts } from '../reports/find.ts';
import type { EraseOptions } from './options.ts';

const NO_LIMIT = 2_147_483_647;

/** Erases all cases of the account whose time is over. Returns the exit code. */
export async function eraseAllDue(
  database: Database,
  { account, yes, dryRun }: EraseOptions,
  { variables, print }: ProcessContext,
): Promise<number> {
  if (account === undefined) throw new UsageError('erase --due needs --account ID');
  await requireAccounts(database, [account]);
  const due = await dueCases(database, account, NO_LIMIT);
  const cases = counted(due.length, 'case');
  if (dryRun || due.length === 0) {
    print(
      `${account}: ${due.length === 0 ? 'no case is due to be erased' : `${cases} would be erased: cdd-sync show retention --where state=due`}`,
    );
    return 0;
  }
  if (!yes) throw new UsageError(`${account}: ${cases} would be erased, which cannot be undone; it needs --yes`);
  const erased = await eraseDue(
    database,
    { accountId: account, by: loginName(variables) },
    { cases: NO_LIMIT, milliseconds: Number.POSITIVE_INFINITY },
  );
  await renewStatistics(database);
  print(`${account}: ${counted(erased, 'case')} erased; the receipts: cdd-sync show erasures --account ${account}`);
  return 0;
}
