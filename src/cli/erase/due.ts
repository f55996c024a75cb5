import { eraseDue } from '../../ledger/erase/due.ts';
import { counted } from '../../model/counted.ts';
import { UsageError } from '../../model/usage-error.ts';
import { lastSuccessOf } from '../../store/accounts/accounts.ts';
import { countDueCases } from '../../store/ledger/erase/due-cases.ts';
import { renewStatistics } from '../../store/ledger/statistics.ts';
import type { Database } from '../../store/postgres/pool.ts';
import { readClock } from '../../store/reports/clock.ts';
import { loginName } from '../login-name.ts';
import { movableTerminal, type ProcessContext } from '../process-context.ts';
import { requireVisibleAccounts } from '../reports/find.ts';
import { CaseProgress } from '../terminal/case-progress.ts';
import { jsonForm, printJson } from '../terminal/json.ts';
import { timeText } from '../terminal/time.ts';
import type { EraseOptions } from './options.ts';
import { stoppedText } from './text.ts';

const DAY_MS = 86_400_000;
const NO_LIMIT = { cases: Number.MAX_SAFE_INTEGER, milliseconds: Number.POSITIVE_INFINITY };

/** Erases all due cases of the account. Returns the exit code: 1 if it was stopped before the last. */
export async function eraseAllDue(database: Database, options: EraseOptions, context: ProcessContext): Promise<number> {
  const { account, yes, dryRun: isDryRun = false } = options;
  if (account === undefined) throw new UsageError('erase --due needs --account ID');
  await requireVisibleAccounts(database, [account]);
  const { due, left } = await countDueCases(database, account);
  if (!isDryRun && !yes && due > 0) {
    throw new UsageError(`${account}: ${counted(due, 'case')} would be erased, which cannot be undone; it needs --yes`);
  }
  if (due > 0) await warnOfOldList(database, account, context);
  const erased = isDryRun || due === 0 ? 0 : await eraseWithProgress(database, { accountId: account, due }, context);
  const isStopped = context.signal.aborted && erased < due;
  const form = jsonForm(options);
  if (form !== null) await printJson([{ account_id: account, due, erased, left }], form, context.print);
  else if (!isStopped) context.print(`${account}: ${resultText({ due, erased, isDryRun })}`);
  if (left > 0) context.printError(leftText(account, left));
  if (isStopped) context.printError(stoppedText(erased, due));
  return isStopped ? 1 : 0;
}

/** Runs erase only after their list was read; a person may erase the cases of an account that is not read any more. */
async function warnOfOldList(database: Database, accountId: string, { printError }: ProcessContext): Promise<void> {
  const clock = await readClock(database);
  const readAt = await lastSuccessOf(database, accountId);
  if (readAt !== null && clock.now.getTime() - readAt.getTime() < DAY_MS) return;
  const read = readAt === null ? 'was never read whole' : `was read last at ${timeText(readAt, clock)}`;
  printError(
    `${accountId}: its list ${read}, and a case may have been opened again since. ` +
      `To read it first: cdd-sync sync --account ${accountId}`,
  );
}

/** Says how many were erased if it fails, since each is erased for good in a transaction of its own. */
async function eraseWithProgress(
  database: Database,
  { accountId, due }: { accountId: string; due: number },
  context: ProcessContext,
): Promise<number> {
  let erased = 0;
  try {
    using progress = new CaseProgress(movableTerminal(context));
    const onErased = (cases: number) => {
      erased = cases;
      progress.show({ accountId, cases, of: due });
    };
    const { signal, variables } = context;
    return await eraseDue(database, { accountId, by: loginName(variables), signal, onErased }, NO_LIMIT);
  } catch (error) {
    context.printError(stoppedText(erased, due));
    throw error;
  } finally {
    if (erased > 0) await renewStatistics(database);
  }
}

/** The reports call these due, so a person would look for them among the erased ones. */
function leftText(account: string, left: number): string {
  return (
    `${account}: ${counted(left, 'more case')} ${left === 1 ? 'is' : 'are'} due, and left: a newer document was rejected ` +
    '(cdd-sync rejected), another account holds the case (cdd-sync show legal_holds), or the clocks of this machine and ' +
    'of the database differ. To erase one all the same: cdd-sync erase --case ACCOUNT/ID'
  );
}

function resultText({ due, erased, isDryRun }: { due: number; erased: number; isDryRun: boolean }): string {
  if (due === 0) return 'no case to erase';
  if (isDryRun) return `${counted(due, 'case')} would be erased: cdd-sync show retention --where state=due`;
  const others =
    erased < due ? ` (the other ${due - erased} were erased by another command, or are held or not due now)` : '';
  return `${counted(erased, 'case')} erased${others}; the receipts: cdd-sync show erasures`;
}
