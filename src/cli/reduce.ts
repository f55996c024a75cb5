import { UsageError } from '../model/usage-error.ts';
import { accountsWithPauses } from '../store/accounts/pauses.ts';
import { type ReducedAccount, reduceAccount } from '../store/ledger/reduce/reduce-account.ts';
import { renewStatistics } from '../store/ledger/statistics.ts';
import type { Database } from '../store/postgres/pool.ts';
import { requireKnown } from './account-list.ts';
import { withDatabase } from './database.ts';
import { loginName } from './login-name.ts';
import { movableTerminal, type ProcessContext, readConfigAndLog } from './process-context.ts';
import { reducedLines } from './reduce/text.ts';
import { CaseProgress } from './terminal/case-progress.ts';
import { type JsonOptions, jsonForm, printJson } from './terminal/json.ts';
import { styleOf } from './terminal/style.ts';

export type ReduceOptions = JsonOptions & { account?: string[]; dryRun?: boolean; yes?: boolean };

/** Removes the values that the configured personalData does not store, and prints the number of cases that had some. */
export async function runReduce(options: ReduceOptions, context: ProcessContext): Promise<void> {
  const { dryRun: isDryRun = false, yes = false } = options;
  const { config, log } = await readConfigAndLog(context);
  const { personalData } = config;
  if (personalData === 'keep') {
    throw new UsageError(
      'The configuration has personalData: keep, which stores everything; set drop or minimal first.',
    );
  }
  if (!isDryRun && !yes) {
    throw new UsageError('reduce removes stored data for good. Look with --dry-run first, then say --yes.');
  }
  await withDatabase(config, log, async (database) => {
    const accountIds = await accountIdsOf(database, options.account ?? []);
    const reduced: ReducedAccount[] = [];
    {
      using progress = new CaseProgress(movableTerminal(context));
      const by = loginName(context.variables);
      const { signal } = context;
      const work = { personalData, by, isDryRun, signal, onProgress: progress.show.bind(progress) };
      for (const accountId of accountIds) reduced.push(await reduceAccount(database, { ...work, accountId }));
    }
    if (reduced.some(({ reduced: cases, items }) => cases + items > 0) && !isDryRun) await renewStatistics(database);
    const form = jsonForm(options);
    if (form !== null) return printJson(reduced.map(rowOf(personalData, isDryRun)), form, context.print);
    for (const line of reducedLines(reduced, { personalData, isDryRun, style: styleOf(context) })) context.print(line);
  });
}

async function accountIdsOf(database: Database, ids: readonly string[]): Promise<string[]> {
  const known = (await accountsWithPauses(database)).map(({ id }) => id);
  requireKnown(ids, known);
  return ids.length === 0 ? known : known.filter((id) => ids.includes(id));
}

function rowOf(personalData: string, isDryRun: boolean) {
  return ({ accountId, cases, reduced, held, items }: ReducedAccount) => ({
    account_id: accountId,
    personal_data: personalData,
    dry_run: isDryRun,
    cases,
    reduced,
    held,
    items,
  });
}
