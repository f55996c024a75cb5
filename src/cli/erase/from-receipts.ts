import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { type ErasureOutcome, erase } from '../../ledger/erase/erase.ts';
import { type CaseKey, caseName } from '../../model/case-key.ts';
import { counted } from '../../model/counted.ts';
import { UsageError } from '../../model/usage-error.ts';
import { visibleLine } from '../../model/visible-text.ts';
import { retryLocked } from '../../store/ledger/between-batches.ts';
import { renewStatistics } from '../../store/ledger/statistics.ts';
import type { Database } from '../../store/postgres/pool.ts';
import { loginName } from '../pause/login-name.ts';
import { movableTerminal, type ProcessContext } from '../process-context.ts';
import { CaseProgress } from '../terminal/case-progress.ts';
import { jsonForm, printJson } from '../terminal/json.ts';
import { jsonRow } from './json.ts';
import type { EraseOptions } from './options.ts';
import { stoppedText } from './text.ts';

/** A row of reporting.erasures, as `show erasures` prints it. */
const exportedReceipt = z.object({
  account_id: z.string(),
  case_id: z.guid(),
  erased_at: z.string().max(40),
  kind: z.enum(['erased', 'reduced']),
  reason: z.string().nullish(),
});
type ExportedReceipt = z.output<typeof exportedReceipt>;

const LONGEST_REASON = 500;

/**
 * After an older copy of the database was restored: erases the cases again of which a newer copy has receipts. Returns 1 if a case is
 * under legal hold here, or not known yet.
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

type Result = { key: CaseKey; outcome: ErasureOutcome };

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
      results.push({ key, outcome: await retryLocked(() => erase(database, request)) });
      progress.show({ accountId: key.accountId, cases: results.length, of: erasures.length });
    }
    return results;
  } catch (error) {
    context.printError(stoppedText(results.length, erasures.length));
    throw error;
  } finally {
    if (results.some(({ outcome }) => outcome.kind === 'erased')) await renewStatistics(database);
  }
}

function printResults(
  results: readonly Result[],
  { isDryRun, reduced }: { isDryRun: boolean; reduced: number },
  { print, printError }: ProcessContext,
): void {
  const namesOf = (kind: ErasureOutcome['kind']) =>
    results.filter(({ outcome }) => outcome.kind === kind).map(({ key }) => caseName(key));
  const again = counted(namesOf(isDryRun ? 'wouldErase' : 'erased').length, 'case');
  const before = counted(namesOf('alreadyErased').length, 'case');
  print(`${again} ${isDryRun ? 'would be ' : ''}erased again, ${before} already erased here.`);
  if (reduced > 0) print(`${counted(reduced, 'receipt')} of reduced documents: to reduce them again: cdd-sync reduce`);
  for (const name of namesOf('held')) {
    printError(`${name} is under legal hold here: cdd-sync release ${name} --reason TEXT, then the same command again`);
  }
  for (const name of namesOf('unknown')) {
    printError(`${name} is not in this copy yet; the next run would store it whole: after it, the same command again`);
  }
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

/** @throws UsageError for a file that cannot be read, or is not the output of `show erasures`. */
async function readReceipts(file: string): Promise<ExportedReceipt[]> {
  const content = await (file === '-' ? text(process.stdin) : readFile(file, 'utf8')).catch((error: unknown) => {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'it fails';
    throw new UsageError(`${visibleLine(file)} cannot be read: ${reason}`);
  });
  const parsed = z.array(exportedReceipt).safeParse(parseRows(content));
  if (parsed.success) return parsed.data;
  throw new UsageError(
    `${visibleLine(file)} has no receipts: it must be the output of "cdd-sync show erasures --format json", or ndjson`,
  );
}

/**
 * An array, or one object a line; a byte order mark, which `trim` takes for a space, may come first. Null if it is neither, or empty:
 * an export that failed must not pass for one without receipts.
 */
function parseRows(content: string): unknown {
  const rows = content.trim();
  if (rows === '') return null;
  try {
    if (rows.startsWith('[')) return JSON.parse(rows);
    return rows
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line): unknown => JSON.parse(line));
  } catch {
    return null;
  }
}
