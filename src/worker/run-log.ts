import type { Log } from '../log.ts';
import { logRun } from '../log-lines.ts';
import type { RunRow } from '../model/run.ts';
import { type ErrorCode, SyncError } from '../model/sync-error.ts';
import { outageKind } from '../store/postgres/outages.ts';
import { ApiWatch, isApiError } from './api-watch.ts';
import { JobHealth } from './job-health.ts';
import { durationText } from './outage.ts';

type RunLogOptions = {
  log: Log;
  apiHost: string;
  accountCount: () => number;
  /** Whether the log has said that Postgres cannot be used. */
  isDatabaseAway: () => boolean;
  /** Milliseconds. */
  now?: () => number;
};

type Problem = {
  /** Equal for equal problems. */
  key: string;
  /** Null if it is no error of the API. */
  apiCode: ErrorCode | null;
  /** False while a line about all accounts tells it. */
  isTold: boolean;
};

/**
 * Logs the ends of runs and jobs: an account's problem when it begins, when it changes, and when it is over.
 * Repetitions are at debug. A problem of all accounts (Postgres, the API, runs that cannot be recorded) is a line of
 * its own.
 */
export class RunLog {
  readonly #options: RunLogOptions & { now: () => number };
  readonly #api: ApiWatch;
  readonly #jobs: JobHealth;
  readonly #problems = new Map<string, Problem & { since: number; ends: number }>();

  constructor({ now = Date.now, ...options }: RunLogOptions) {
    const { log, apiHost: host, accountCount } = options;
    this.#options = { ...options, now };
    this.#api = new ApiWatch({ host, log, now });
    this.#jobs = new JobHealth({ log, now, accountCount });
  }

  /** Why jobs cannot record their runs, without an account's id; null while they can. */
  get jobsProblem(): string | null {
    return this.#jobs.problem;
  }

  /** Logs a closed run. */
  run(row: RunRow): void {
    const { account_id: account, state, error_code: code, error_message: message } = row;
    const { log, isDatabaseAway } = this.#options;
    this.#jobs.recorded();
    if (state === 'succeeded' || state === 'partial') this.#api.answered(account);
    if (state === 'succeeded') {
      this.#endProblem(account);
      logRun(log, row);
      return;
    }
    const failedAtApi = state === 'failed' && isApiError(code);
    if (failedAtApi) this.#failedAtApi(row);
    const isTold = !(failedAtApi && this.#api.isTold(code)) && !(code === 'DATABASE' && isDatabaseAway());
    const key = `${state} ${code} ${row.items_rejected} ${withoutNumbers(message ?? '')}`;
    logRun(log, row, { isNews: this.#isNews(account, { key, apiCode: failedAtApi ? code : null, isTold }) });
  }

  /** Logs a job that failed outside its run. An outage of Postgres is logged by the database watch instead. */
  jobFailed(account: string, code: string, error: unknown): void {
    const { log } = this.#options;
    const isOutage = outageKind(error) !== null;
    const reason = error instanceof SyncError ? error.message : 'an unexpected error, which is in the log';
    if (!isOutage) this.#jobs.failed(account, code, reason);
    const isTold = !isOutage && this.#jobs.problem === null;
    const key = `job ${withoutNumbers(error instanceof Error ? error.message : String(error))}`;
    const isNews = this.#isNews(account, { key, apiCode: null, isTold });
    const level = isNews ? 'error' : 'debug';
    const text = `${account}: a job failed outside its run`;
    if (error instanceof SyncError) log[level]({ account, code }, `${text}: ${reason}`);
    else log[level]({ account, code, err: error }, `${text} with an unexpected error`);
  }

  /** Logs that another replica must do the account's jobs. */
  unknownAccount(account: string, text: string): void {
    const isNews = this.#isNews(account, { key: text, apiCode: null, isTold: true });
    this.#options.log[isNews ? 'warn' : 'debug']({ account, code: 'UNKNOWN_ACCOUNT' }, text);
  }

  /** Logs reminders of problems that last. Call it every few seconds. */
  remind(): void {
    this.#api.remind();
    this.#jobs.remind();
  }

  #failedAtApi({ account_id: account, error_code: code, error_message: message }: RunRow): void {
    this.#api.failed(account, code, message ?? '');
    if (!this.#api.isTold(code)) return;
    // One line for all accounts will say that the API is back.
    for (const problem of this.#problems.values()) if (problem.apiCode === code) problem.isTold = false;
  }

  /** Remembers the problem. False if the log has it already. */
  #isNews(account: string, problem: Problem): boolean {
    const before = this.#problems.get(account);
    const wasTold = before?.key === problem.key && before.isTold;
    const { since = this.#options.now(), ends = 0 } = before ?? {};
    const isTold = problem.isTold || before?.isTold === true;
    this.#problems.set(account, { ...problem, isTold, since, ends: ends + 1 });
    return problem.isTold && !wasTold;
  }

  #endProblem(account: string): void {
    const problem = this.#problems.get(account);
    this.#problems.delete(account);
    if (problem?.isTold !== true) return;
    const { now, log } = this.#options;
    log.info(
      { account, ends: problem.ends },
      `${account}: succeeds again, after ${durationText(now() - problem.since)}`,
    );
  }
}

/** Makes messages of the same problem equal: durations, sizes and counts differ from run to run. */
function withoutNumbers(message: string): string {
  return message.replace(/\d+/g, '0');
}
