// One job of the queue. pg-boss keeps the error of a job in its own tables only, so a job logs and counts its end.
import type { Log } from '../log.ts';
import { logProblems } from '../log-lines.ts';
import type { RunRow } from '../model/run.ts';
import { ERROR_CODES, type ErrorCode, SyncError } from '../model/sync-error.ts';
import { type SyncParts, sync } from '../sync/run.ts';
import type { AccountDirectory } from './account-directory.ts';
import type { RunLog } from './run-log.ts';
import type { RunRequest } from './sync-queue.ts';

/**
 * How a job can end: `NONE` without an error, `SKIPPED` because the account may not be tried, `LOCKED` because another
 * run is under way, `UNKNOWN_ACCOUNT` to this replica, `UNEXPECTED` with an error that has no code; else with the error
 * of its run, or of what surrounds it.
 */
export const JOB_CODES = ['NONE', 'SKIPPED', 'LOCKED', 'UNKNOWN_ACCOUNT', 'UNEXPECTED', ...ERROR_CODES] as const;
export type JobCode = (typeof JOB_CODES)[number];

export type JobOptions = {
  accounts: Pick<AccountDirectory, 'find'>;
  parts: SyncParts;
  /** False for a disabled or paused account, while its circuit breaker is open, and while the API has asked it to wait. */
  mayTry: (accountId: string) => Promise<boolean>;
  /** Called with the row of every closed run. */
  onRun: (row: RunRow) => Promise<void>;
  /** Called at the end of every job, also of one without a run. */
  onJobEnd: (code: JobCode) => void;
  log: Log;
  runLog: Pick<RunLog, 'run' | 'jobFailed' | 'unknownAccount'>;
};

type JobEnd = {
  code: JobCode;
  /** Set if the queue should try the job again. */
  error?: unknown;
};

/** Failed runs with these codes are worth another try before the account's next tick. */
const TRANSIENT_CODES: readonly (ErrorCode | null)[] = ['NETWORK', 'TIMEOUT', 'DATABASE', 'TRUNCATED', 'CANCELLED'];

/** For example an expired certificate or an unknown host. It has the code of broken connections, but is not retried. */
function isPermanentFailure({ code, retryable }: SyncError): boolean {
  return code === 'NETWORK' && !retryable;
}

/**
 * Runs one job, logs its end and counts it.
 * @throws an error when the queue should try the job again: the account is locked, unknown to this replica, the run
 * failed with a transient error, or something failed outside the run.
 */
export async function runJob(request: RunRequest, signal: AbortSignal, options: JobOptions): Promise<void> {
  const { code, error } = await runAccount(request, signal, options).catch((failure: unknown) => {
    const end: JobEnd = { code: failure instanceof SyncError ? failure.code : 'UNEXPECTED', error: failure };
    options.runLog.jobFailed(request.accountId, end.code, failure);
    return end;
  });
  options.onJobEnd(code);
  if (error !== undefined) throw error;
}

async function runAccount(
  { accountId, trigger }: RunRequest,
  signal: AbortSignal,
  { accounts, log, runLog, parts, mayTry, onRun }: JobOptions,
): Promise<JobEnd> {
  const fields = { account: accountId, trigger };
  if (!(await mayTry(accountId))) {
    log.debug({ ...fields, code: 'SKIPPED' }, `${accountId}: disabled, paused, or not to be tried yet`);
    return { code: 'SKIPPED' };
  }
  const account = await accounts.find(accountId);
  if (account === undefined) {
    const text = `${accountId} is not in this replica's configuration; left to another replica`;
    runLog.unknownAccount(accountId, text);
    return { code: 'UNKNOWN_ACCOUNT', error: new SyncError('NOT_FOUND', text) };
  }
  const onProblems = (problems: ReadonlyMap<string, number>) => logProblems(log, accountId, problems);
  let isPermanent = false;
  const onFailure = (error: SyncError) => {
    isPermanent = isPermanentFailure(error);
  };
  const row = await sync({ account, trigger, acceptMissing: false, signal, onProblems, onFailure }, parts);
  if (row === null) {
    const text = `${accountId}: another run of this account is under way; this one is tried again`;
    log.info({ ...fields, code: 'LOCKED' }, text);
    return { code: 'LOCKED', error: new SyncError('DATABASE', text) };
  }
  // In this order: if `onRun` fails every time, the account's problem must not count as over every time.
  await onRun(row);
  runLog.run(row);
  const { state, error_code: code, error_message: message } = row;
  const isTransient = state === 'failed' && TRANSIENT_CODES.includes(code) && !isPermanent;
  return { code: code ?? 'NONE', ...(isTransient && { error: new SyncError(code ?? 'HTTP', message ?? '') }) };
}
