import { eraseDue } from '../../ledger/erase/due.ts';
import { counted } from '../../model/counted.ts';
import { UsageError } from '../../model/usage-error.ts';
import { dueCases } from '../../store/ledger/erase/due-cases.ts';
import { renewStatistics } from '../../store/ledger/statistics.ts';
import type { Database } from '../../store/postgres/pool.ts';
import { loginName } from '../pause/login-name.ts';
import type { ProcessContext } from '../process-context.ts';
import { requireVisibleAccounts } from '../reports/find.ts';
import { jsonForm, printJson } from '../terminal/json.ts';
import type { EraseOptions } from './options.ts';

const NO_LIMIT = 2_147_483_647;

/** Erases all due cases of the account. Returns the exit code. */
export async function eraseAllDue(
  database: Database,
  options: EraseOptions,
  { variables, print }: ProcessContext,
): Promise<number> {
  const { account, yes, dryRun: isDryRun = false } = options;
  if (account === undefined) throw new UsageError('erase --due needs --account ID');
  await requireVisibleAccounts(database, [account]);
  const { length: due } = await dueCases(database, account, NO_LIMIT);
  if (!isDryRun && !yes && due > 0) {
    throw new UsageError(`${account}: ${counted(due, 'case')} would be erased, which cannot be undone; it needs --yes`);
  }
  const limits = { cases: NO_LIMIT, milliseconds: Number.POSITIVE_INFINITY };
  const request = { accountId: account, by: loginName(variables) };
  const erased = isDryRun || due === 0 ? 0 : await eraseDue(database, request, limits);
  if (erased > 0) await renewStatistics(database);
  const form = jsonForm(options);
  if (form !== null) await printJson([{ account_id: account, due, erased }], form, print);
  else print(`${account}: ${resultText({ due, erased, isDryRun })}`);
  return 0;
}

function resultText({ due, erased, isDryRun }: { due: number; erased: number; isDryRun: boolean }): string {
  if (due === 0) return 'no case is due to be erased';
  if (isDryRun) return `${counted(due, 'case')} would be erased: cdd-sync show retention --where state=due`;
  return `${counted(erased, 'case')} erased; the receipts: cdd-sync show erasures`;
}
