import { type VerifiedAccount, verifyAccounts } from '../ledger/verify/verify.ts';
import { OutputError } from '../model/output-error.ts';
import { SyncError } from '../model/sync-error.ts';
import type { Database } from '../store/postgres/pool.ts';
import { readClock } from '../store/reports/clock.ts';
import { withDatabase } from './database.ts';
import { movableTerminal, type ProcessContext, readLookSettings } from './process-context.ts';
import { CaseProgress } from './terminal/case-progress.ts';
import { type JsonOptions, jsonForm, printJson } from './terminal/json.ts';
import { styleOf } from './terminal/style.ts';
import { requireAccountsWithHistory } from './verify/accounts.ts';
import { readExpected } from './verify/expected.ts';
import { printNewest } from './verify/newest.ts';
import { requireReadable } from './verify/rights.ts';
import { accountRow } from './verify/rows.ts';
import { verifiedLines } from './verify/text.ts';

export type VerifyOptions = JsonOptions & {
  account?: string[];
  expect?: string[];
  all?: boolean;
  print?: boolean;
  api?: boolean;
};

/** Findings that are kept per account, for --all and for programs. */
const MOST_FINDINGS = 10_000;

/** Recomputes the digest chains, and prints whether everything fits. The exit code is 1 if something does not. */
export async function runVerify(options: VerifyOptions, context: ProcessContext): Promise<void> {
  if (options.api) {
    const { compareWithApi } = await import('./verify/api.ts');
    return compareWithApi(options, context);
  }
  const { settings, log } = await readLookSettings(context);
  const work = async (database: Database) => {
    if (options.print) await printNewest(database, options, context);
    else await verifyAndPrint(database, options, context);
  };
  await withDatabase(settings, log, work, { requireRights: requireReadable }).catch((error: unknown) => {
    if (!context.signal.aborted || error instanceof OutputError) throw error;
    throw new SyncError('CANCELLED', 'Stopped before everything was compared.');
  });
}

async function verifyAndPrint(database: Database, options: VerifyOptions, context: ProcessContext): Promise<void> {
  const form = jsonForm(options);
  const isAll = options.all === true;
  const verified = await verify(database, options, { most: isAll || form !== null ? MOST_FINDINGS : 1, context });
  if (verified.some(({ findings }) => findings.total > 0)) context.setExitCode(1);
  if (form !== null) return printJson(verified.map(accountRow), form, context.print);
  const shown = { isAll, clock: await readClock(database), style: styleOf(context) };
  context.print(verifiedLines(verified, shown).join('\n'));
}

async function verify(
  database: Database,
  { account = [], expect = [] }: VerifyOptions,
  { most, context }: { most: number; context: ProcessContext },
): Promise<VerifiedAccount[]> {
  const published = await readExpected(expect, context.cwd);
  await requireAccountsWithHistory(database, account);
  using progress = new CaseProgress(movableTerminal(context));
  // Awaited: the line of progress must stay until the last call of onProgress, and then go.
  return await verifyAccounts(database, {
    accountIds: account,
    published,
    most,
    signal: context.signal,
    onProgress: (done) => progress.show(done),
  });
}
