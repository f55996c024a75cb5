import { type ErasureOutcome, type ErasureRequest, erase } from '../ledger/erase/erase.ts';
import { type CaseKey, caseName } from '../model/case-key.ts';
import { UsageError } from '../model/usage-error.ts';
import { renewStatistics } from '../store/ledger/statistics.ts';
import type { Database } from '../store/postgres/pool.ts';
import { readClock } from '../store/reports/clock.ts';
import { withDatabase } from './database.ts';
import { confirmErasure, requirePerson } from './erase/confirm.ts';
import { eraseAllDue } from './erase/due.ts';
import { findErasable } from './erase/find.ts';
import { eraseAgain } from './erase/from-receipts.ts';
import { jsonRow } from './erase/json.ts';
import type { EraseOptions } from './erase/options.ts';
import { alreadyErasedLines, erasedLines, heldText, keptText, type Shown, wouldEraseLines } from './erase/text.ts';
import { StoppedError } from './init/dialogue.ts';
import { loginName } from './login-name.ts';
import { type ProcessContext, readLookSettings } from './process-context.ts';
import { reasonOf } from './reason.ts';
import { jsonForm, printJson } from './terminal/json.ts';
import { styleOf } from './terminal/style.ts';

/** Erases one case, all that are due, or again those of exported receipts. Returns the exit code. */
export async function runErase(options: EraseOptions, context: ProcessContext): Promise<number> {
  const reason =
    options.reason === undefined ? null : reasonOf(options.reason, 'in the receipt, which is kept for good');
  if (options.beforeTime && reason === null) {
    throw new UsageError('--before-time needs --reason TEXT: it is kept with the receipt');
  }
  const { settings, log } = await readLookSettings(context);
  return withDatabase(settings, log, async (database) => {
    if (options.fromReceipts !== undefined) return eraseAgain(database, options.fromReceipts, options, context);
    if (options.due) return eraseAllDue(database, options, context);
    return eraseOne(database, { options, reason }, context);
  });
}

type Asked = { options: EraseOptions; reason: string | null };

async function eraseOne(database: Database, { options, reason }: Asked, context: ProcessContext): Promise<number> {
  const { account, case: id, yes, dryRun: isDryRun = false, beforeTime = false } = options;
  if (id === undefined)
    throw new UsageError(
      'erase needs --account ID and --case ID; or --account ID and --due, for all cases that are due',
    );
  const key = await findErasable(database, account, id);
  const request = { ...key, mayBeBeforeTime: beforeTime, reason, by: loginName(context.variables) };
  const shown = { key, clock: await readClock(database), style: styleOf(context) };
  if (!yes && !isDryRun) {
    if (jsonForm(options) !== null) throw new UsageError('erase for programs needs --yes or --dry-run');
    requirePerson(context);
    const preview = await erase(database, { ...request, isDryRun: true });
    if (preview.kind !== 'wouldErase') return report(preview, shown, { options, context });
    for (const line of wouldEraseLines(preview, shown)) context.print(line);
    if (!(await isConfirmed(key, context))) return 1;
  }
  const outcome = await erase(database, { ...request, isDryRun } satisfies ErasureRequest);
  if (outcome.kind === 'erased') await renewStatistics(database);
  return report(outcome, shown, { options, context });
}

async function isConfirmed(key: CaseKey, context: ProcessContext): Promise<boolean> {
  try {
    await confirmErasure(key, context);
    return true;
  } catch (error) {
    if (!(error instanceof StoppedError)) throw error;
    context.printError('Stopped; nothing was erased.');
    return false;
  }
}

type Output = { options: EraseOptions; context: ProcessContext };

/** Prints the outcome; returns the exit code. */
async function report(outcome: ErasureOutcome, shown: Shown, { options, context }: Output): Promise<number> {
  const isRefused = outcome.kind === 'held' || outcome.kind === 'kept';
  const form = jsonForm(options);
  if (form !== null) {
    await printJson([jsonRow(shown.key, outcome)], form, context.print);
    return isRefused ? 1 : 0;
  }
  if (outcome.kind === 'unknown') throw new UsageError(`There is no case ${caseName(shown.key)}.`);
  if (outcome.kind === 'held') context.printError(heldText(outcome, shown));
  if (outcome.kind === 'kept') context.printError(keptText(outcome, shown));
  for (const line of linesOf(outcome, shown)) context.print(line);
  return isRefused ? 1 : 0;
}

function linesOf(outcome: ErasureOutcome, shown: Shown): string[] {
  if (outcome.kind === 'erased') return erasedLines(outcome, shown);
  if (outcome.kind === 'wouldErase') return wouldEraseLines(outcome, shown);
  return outcome.kind === 'alreadyErased' ? alreadyErasedLines(outcome, shown) : [];
}
