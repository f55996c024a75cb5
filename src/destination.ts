// The functions of the database that a run needs: with its writes, or for a dry run only its reads.
import type { LimitFunction } from 'p-limit';
import { AutomaticErasure } from './ledger/erase/automatic.ts';
import type { Log } from './log.ts';
import { createClockWarning } from './log-lines.ts';
import type { PersonalData } from './model/personal-data.ts';
import { dueTimesAfter } from './schedule/staleness.ts';
import { compareBatch, contentOf } from './store/cases/compare-batch.ts';
import { hasSameContent, packedCases, recordedTimes } from './store/cases/queries.ts';
import { saveBatch } from './store/cases/save-batch.ts';
import type { Database } from './store/postgres/pool.ts';
import { updateReports } from './store/reports/after-run.ts';
import { forgetEtag } from './store/runs/list-etag.ts';
import { openRun } from './store/runs/open-run.ts';
import { closeRun, failRun, saveHeartbeat } from './store/runs/runs.ts';
import { dryRunDestination } from './sync/dry-run.ts';
import type { Destination } from './sync/parts.ts';

type Options = {
  personalData: PersonalData;
  /** Limits the batches that are under way at once. */
  limitBatches: LimitFunction;
};

type WriteOptions = Options & {
  leaseMs: number;
  log: Log | undefined;
  /** Whether the log already has an outage of Postgres: failed reports are at debug then. */
  isOutageTold: () => boolean;
  /** Whether due cases are erased after runs: retention.erase. */
  isErasing: boolean;
};

/** The tables. */
export function tables(database: Database, options: WriteOptions): Destination {
  const { personalData, limitBatches, leaseMs, log, isOutageTold, isErasing } = options;
  const warnOfClock = createClockWarning(log);
  const erasure = new AutomaticErasure(database, ({ account, level, text }) => log?.[level]({ account }, text));
  return {
    ...reads(database, options),
    openRun: async (accountId, trigger) => {
      const run = await openRun(database, { accountId, trigger, leaseMs });
      if (run !== null) warnOfClock(run.clockAheadUntil);
      return run;
    },
    saveHeartbeat: (run, progress) => saveHeartbeat(database, run, progress),
    forgetEtag: (run) => forgetEtag(database, run),
    saveBatch: (run, batch) =>
      limitBatches(() => saveBatch(database, batch, { accountId: run.accountId, runId: run.id, personalData })),
    closeRun: (run, closing) => closeRun(database, run, closing, dueTimesAfter),
    failRun: (run, failing) => failRun(database, run, failing),
    updateReports: async (row) => {
      await updateReports(database, row, ({ level, code, text }) =>
        log?.[isOutageTold() ? 'debug' : level]({ account: row.account_id, code }, text),
      );
      // After a run that failed, or whose list is not believed, a case that was opened again may look as if it had ended.
      const isFresh = row.state === 'succeeded' || (row.state === 'partial' && row.missing_held_back === 0);
      if (isErasing && isFresh) await erasure.afterRun(row.account_id);
    },
  };
}

/** The same tables, which the runs only read. */
export function tablesToCompare(database: Database, options: Options): Destination {
  const { personalData, limitBatches } = options;
  return dryRunDestination({
    ...reads(database, options),
    compareBatch: (accountId, batch) => limitBatches(() => compareBatch(database, batch, { accountId, personalData })),
    contentOf: (accountId, caseId, document) => contentOf(database, { accountId, caseId, document, personalData }),
  });
}

function reads(database: Database, { personalData }: Options) {
  return {
    packedCases: (accountId, take) => packedCases(database, accountId, take),
    recordedTimes: (accountId, caseId) => recordedTimes(database, { accountId, caseId }),
    hasSameContent: (accountId, caseId, document) =>
      hasSameContent(database, { accountId, caseId, document, personalData }),
  } satisfies Partial<Destination>;
}
