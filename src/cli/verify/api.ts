// verify --api: reads each account's list, and compares it with the tables. Writes nothing.
import pLimit from 'p-limit';
import { poolSize, syncParts } from '../../app.ts';
import type { Config } from '../../config/config.ts';
import { type ApiComparison, DifferenceCollector, isEqual } from '../../ledger/verify/api-comparison.ts';
import type { Log } from '../../log.ts';
import { type Account, isFiltered } from '../../model/account.ts';
import type { RunRow } from '../../model/run.ts';
import { SyncError } from '../../model/sync-error.ts';
import { lastSuccessOf } from '../../store/accounts/accounts.ts';
import { packedCases } from '../../store/cases/queries.ts';
import { compareCases } from '../../store/ledger/verify/compare-cases.ts';
import { compareRollUps } from '../../store/ledger/verify/compare-roll-ups.ts';
import { findWrongColumns } from '../../store/ledger/verify/wrong-columns.ts';
import type { Database } from '../../store/postgres/pool.ts';
import { readClock } from '../../store/reports/clock.ts';
import { type SyncParts, sync } from '../../sync/run.ts';
import { withDatabase } from '../database.ts';
import { type ProcessContext, readConfigAndLog } from '../process-context.ts';
import { findAccounts, selectAccounts, withoutPaused } from '../sync/accounts.ts';
import { type JsonOptions, jsonForm, printJson } from '../terminal/json.ts';
import { styleOf } from '../terminal/style.ts';
import { apiComparisonRow, apiLines } from './api-text.ts';
import { requireReadable } from './rights.ts';

type Options = JsonOptions & { account?: string[]; all?: boolean };

/** Differences that are printed per account; for programs and with --all, more. */
const FIRST = 20;
const MOST = 100_000;

/** Compares every account's list with the tables, and prints where they differ. Exit code 1 if they do. */
export async function compareWithApi(options: Options, context: ProcessContext): Promise<void> {
  const { config, log } = await readConfigAndLog(context);
  for (const warning of config.warnings) log.warn(warning);
  const ids = options.account ?? [];
  const form = jsonForm(options);
  const most = form !== null || options.all === true ? MOST : FIRST;
  const work = async (database: Database) => {
    const parts = syncParts(config, { database, log, isDryRun: true });
    try {
      const { dintero } = parts;
      const { signal } = context;
      const { accounts, failed } = await findAccounts(ids, { config, dintero, database, log, signal, isDryRun: true });
      const { timezone } = config;
      const selected = await withoutPaused(selectAccounts(accounts, ids), { ids, database, log, timezone });
      if (selected === null) return context.setExitCode(1);
      const compared = await compareAll(selected, { config, database, parts, log, signal, most });
      if (failed.length > 0 || !compared.every(isEqual)) context.setExitCode(1);
      if (form !== null) return printJson(compared.map(apiComparisonRow), form, context.print);
      const shown = { clock: await readClock(database), style: styleOf(context), isAll: options.all === true };
      for (const line of apiLines(compared, shown)) context.print(line);
    } finally {
      parts.dintero.close();
    }
  };
  await withDatabase(config, log, work, { connections: poolSize(config), requireRights: requireReadable });
}

type Comparing = { config: Config; database: Database; parts: SyncParts; log: Log; signal: AbortSignal; most: number };

async function compareAll(accounts: readonly Account[], context: Comparing): Promise<ApiComparison[]> {
  const limit = pLimit(context.config.concurrency);
  const compared = await Promise.all(accounts.map((account) => limit(() => compareAccount(account, context))));
  return compared.toSorted((a, b) => (a.accountId < b.accountId ? -1 : 1));
}

/** A run that compares: every document is parsed, as if each had changed, and no case is held back as missing. */
async function compareAccount(account: Account, context: Comparing): Promise<ApiComparison> {
  const { database, parts, signal, most, config, log } = context;
  const { id: accountId } = account;
  const collector = new DifferenceCollector(most);
  const destination: SyncParts['destination'] = {
    ...parts.destination,
    packedCases: (id, take) => packedCases(database, id, take, { isHidden: true }),
    async saveBatch(run, batch) {
      const saved = await parts.destination.saveBatch(run, batch);
      const compared = await compareCases(database, batch.read, { accountId, personalData: config.personalData });
      for (const one of compared) collector.add(one);
      for (const { id, known } of batch.read) if (!known) collector.addOneSided(id, 'not in the tables');
      return saved;
    },
    closeRun(run, closing) {
      for (const id of closing.result.missing) collector.addOneSided(id, 'not in the list');
      return parts.destination.closeRun(run, closing);
    },
  };
  const lastRunAt = await lastSuccessOf(database, accountId);
  const request = { account, trigger: 'manual' as const, acceptMissing: true, signal };
  log.info({ account: accountId }, 'comparing the list with the tables');
  const row = await sync(request, { ...parts, destination });
  if (row === null) throw new SyncError('DATABASE', `${accountId}: the list was not read`);
  await findWrongColumns(database, accountId, (wrong) => {
    for (const { caseId, columns } of wrong)
      collector.addWrong({ caseId, fields: columns.split(', ').map((column) => `cases.${column}`) });
  });
  const rollUps = await compareRollUps(database, accountId);
  return {
    accountId,
    listed: row.cases_seen,
    rejected: row.items_rejected,
    isFiltered: isFiltered(account.filters),
    lastRunAt,
    differing: collector.differing,
    changedSince: collector.changedSince,
    isUnrecognized: collector.isUnrecognized,
    rollUps: rollUps === null ? null : { total: rollUps.length, kept: rollUps.slice(0, most) },
    error: errorOf(row),
  };
}

function errorOf({ state, error_message: message }: RunRow): string | null {
  return state === 'failed' ? (message ?? 'the list could not be read') : null;
}
