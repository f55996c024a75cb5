import { erase } from '../../ledger/erase/erase.ts';
import { type CaseKey, caseName } from '../../model/case-key.ts';
import { counted } from '../../model/counted.ts';
import { shortList } from '../../model/short-list.ts';
import { UsageError } from '../../model/usage-error.ts';
import { retryLocked } from '../../store/ledger/between-batches.ts';
import { unlistedCases } from '../../store/ledger/erase/unlisted-cases.ts';
import { renewStatistics } from '../../store/ledger/statistics.ts';
import type { Database } from '../../store/postgres/pool.ts';
import { loginName } from '../login-name.ts';
import { movableTerminal, type ProcessContext } from '../process-context.ts';
import { LONGEST_REASON } from '../reason.ts';
import { CaseProgress } from '../terminal/case-progress.ts';
import { jsonForm, printJson } from '../terminal/json.ts';
import { type AgainOutcome, jsonRow } from './json.ts';
import type { EraseOptions } from './options.ts';
import { type ExportedReceipt, readReceipts } from './read-receipts.ts';
import { stoppedText } from './text.ts';

/** Cases in a message. */
const MOST_NAMED = 10;

/**
 * After an older copy of the database was restored: erases the cases again of which a newer copy has receipts. Returns 1 if a case is
 * under legal hold here, or may still come with the next run.
 */
export async function eraseAgain(
  database: Database,
  file: string,
  options: EraseOptions,
  context: ProcessContext,
): Promise<number> {
  const { yes, dryRun: isDryRun = false } = options;
  const receipts = await readReceipts(file);
  const erasures = [...new Map(receipts.filter(isErasure).map((one) => [caseName(keyOf(one)), one])).values()];
  if (!yes && !isDryRun) {
    throw new UsageError(`${counted(erasures.length, 'case')} would be erased, which cannot be undone; it needs --yes`);
  }
  const results = await eraseWithProgress(database, { erasures, isDryRun }, context);
  const form = jsonForm(options);
  if (form === null)
    printResults(results, { isDryRun, reduced: receipts.filter((one) => !isErasure(one)).length }, context);
  else
    await printJson(
      results.map(({ key, outcome }) => jsonRow(key, outcome)),
      form,
      context.print,
    );
  const isStopped = results.length < erasures.length;
  if (isStopped) context.printError(stoppedText(results.length, erasures.length));
  return isStopped || results.some(({ outcome }) => ['held', 'unknown'].includes(outcome.kind)) ? 1 : 0;
}

type Result = { key: CaseKey; outcome: AgainOutcome; since: Date };

/** The outcome of each case; fewer if the signal is aborted. */
async function eraseWithProgress(
  database: Database,
  { erasures, isDryRun }: { erasures: readonly ExportedReceipt[]; isDryRun: boolean },
  context: ProcessContext,
): Promise<Result[]> {
  const by = loginName(context.variables);
  const results: Result[] = [];
  try {
    using progress = new CaseProgress(movableTerminal(context));
    for (const one of erasures) {
      if (context.signal.aborted) break;
      const key = keyOf(one);
      const request = { ...key, mayBeBeforeTime: true, reason: reasonAgain(one), by, isDryRun };
      const outcome = await retryLocked(() => erase(database, request));
      results.push({ key, outcome, since: new Date(one.erased_at) });
      progress.show({ accountId: key.accountId, cases: results.length, of: erasures.length });
    }
    return await findUnlisted(database, results);
  } catch (error) {
    context.printError(stoppedText(results.length, erasures.length));
    throw error;
  } finally {
    if (results.some(({ outcome }) => outcome.kind === 'erased')) await renewStatistics(database);
  }
}

/** Tells apart the unknown cases that no run will bring back. */
async function findUnlisted(database: Database, results: readonly Result[]): Promise<Result[]> {
  const unknown = results.filter(({ outcome, since }) => outcome.kind === 'unknown' && !Number.isNaN(since.getTime()));
  const unlisted = await unlistedCases(
    database,
    unknown.map(({ key, since }) => ({ ...key, since })),
  );
  return results.map((one) => (unlisted.has(caseName(one.key)) ? { ...one, outcome: { kind: 'unlisted' } } : one));
}

function printResults(
  results: readonly Result[],
  { isDryRun, reduced }: { isDryRun: boolean; reduced: number },
  { print, printError }: ProcessContext,
): void {
  const namesOf = (kind: AgainOutcome['kind']) =>
    results.filter(({ outcome }) => outcome.kind === kind).map(({ key }) => caseName(key));
  const again = counted(namesOf(isDryRun ? 'wouldErase' : 'erased').length, 'case');
  const before = counted(namesOf('alreadyErased').length, 'case');
  print(`${again} ${isDryRun ? 'would be ' : ''}erased again, ${before} already erased here.`);
  if (reduced > 0) print(`${counted(reduced, 'receipt')} of reduced documents: to reduce them again: cdd-sync reduce`);
  for (const name of namesOf('held')) {
    printError(`${name} is under legal hold here: cdd-sync release ${name} --reason TEXT, then the same command again`);
  }
  const unlisted = namesOf('unlisted');
  if (unlisted.length > 0) print(`${counted(unlisted.length, 'case')} neither stored here nor in the lists any more.`);
  const unknown = namesOf('unknown');
  if (unknown.length === 0) return;
  printError(
    `Not in this copy yet: ${shortList(unknown, MOST_NAMED)}. ` +
      'The next run stores whole what is still in the lists: after it, the same command again.',
  );
}

function isErasure({ kind }: ExportedReceipt): boolean {
  return kind === 'erased';
}

function keyOf({ account_id, case_id }: ExportedReceipt) {
  return { accountId: account_id, caseId: case_id.toLowerCase() };
}

function reasonAgain({ erased_at, reason }: ExportedReceipt): string {
  const first = `again after a restore, by the receipt of ${erased_at}`;
  return (reason ? `${first}: ${reason}` : first).replaceAll(/\s+/g, ' ').slice(0, LONGEST_REASON);
}
