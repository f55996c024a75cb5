import { describe, expect, it } from 'vitest';
import type { RunRow } from '../../src/model/run.ts';
import { SyncError } from '../../src/model/sync-error.ts';
import { databaseError } from '../../src/store/postgres/errors.ts';
import { RunLog } from '../../src/worker/run-log.ts';
import { recordingLog } from '../support/log-lines.ts';
import { runRow } from '../support/run-row.ts';

const MINUTE = 60_000;

const refused = (account: string): Partial<RunRow> => ({
  account_id: account,
  state: 'failed',
  error_code: 'NETWORK',
  error_message: `${account}: GET https://api.example: no connection (ECONNREFUSED) after 31 s`,
});
const accountIds = (count: number) => Array.from({ length: count }, (_, index) => `P${10_000_000 + index}`);

function createRunLog({ accountCount = 500, databaseIsAway = false } = {}) {
  const { log, texts, lines } = recordingLog();
  let time = 0;
  const options = {
    log,
    apiHost: 'api.example',
    accountCount: () => accountCount,
    isDatabaseAway: () => databaseIsAway,
    now: () => time,
  };
  const runLog = new RunLog(options);
  return {
    runLog,
    lines,
    texts,
    run: (changes: Partial<RunRow>) => runLog.run(runRow(changes)),
    pass(ms: number) {
      time += ms;
      runLog.remind();
    },
  };
}

describe('an account that keeps failing', () => {
  it('is one line until its problem changes, and one when it is over', () => {
    const { run, pass, texts } = createRunLog();
    const forbidden = { state: 'failed', error_code: 'FORBIDDEN', error_message: 'P12345678: 403' } as const;
    for (let round = 0; round < 20; round += 1) {
      run(refused('P12345678'));
      pass(15 * MINUTE);
    }
    run(forbidden);
    run(forbidden);
    run({});
    run({});
    expect(texts()).toEqual([
      expect.stringMatching(/^error P12345678: GET/),
      'error P12345678: 403',
      'info P12345678: succeeds again, after 5 h',
    ]);
  });

  it('with rejected items is one warning, as long as they are as many; changes are told', () => {
    const { run, texts } = createRunLog();
    const partial = { state: 'partial', items_rejected: 1 } as const;
    for (const changes of [partial, partial, { ...partial, cases_updated: 2 }, { ...partial, items_rejected: 2 }])
      run(changes);
    expect(texts().map((text) => text.slice(0, 13))).toEqual(['warn partial:', 'info synced', 'warn partial:']);
  });
});

describe('an API that is away for all accounts', () => {
  it('is one line for 500 accounts, after those of the first two; a reminder; and one line when it is back', () => {
    const { run, pass, texts } = createRunLog();
    const ids = accountIds(500);
    for (const id of ids) run(refused(id));
    pass(6 * MINUTE);
    for (const id of ids) run(refused(id));
    for (const id of ids) run({ account_id: id });
    expect(texts()).toEqual([
      expect.stringMatching(/^error P10000000: /),
      expect.stringMatching(/^error P10000001: /),
      expect.stringMatching(/^error the API at api\.example fails for several accounts\. The last one: P10000002: GET/),
      expect.stringMatching(/^warn the API at api\.example still fails, after 6 min: /),
      'info the API at api.example answers again, after 6 min',
    ]);
  });

  it('hides no account with a problem of its own, and none that stays away when the API is back', () => {
    const { run, texts } = createRunLog();
    const ids = accountIds(10);
    for (const id of ids) run(refused(id));
    run({ account_id: 'P99999999', state: 'failed', error_code: 'AUTH', error_message: 'P99999999: refused' });
    for (const id of ids.slice(5)) run({ account_id: id });
    run(refused('P10000000'));
    run(refused('P10000000'));
    const own = texts().filter((text) => /P99999999|P10000000:/.test(text));
    expect(own).toEqual([
      expect.stringMatching(/^error P10000000: /),
      'error P99999999: refused',
      expect.stringMatching(/^error P10000000: /),
    ]);
  });
});

describe('a refusal of several accounts', () => {
  it('is one line if all are refused for the same reason, for example because a partner lost its rights', () => {
    const { run, texts } = createRunLog();
    for (const id of accountIds(50))
      run({ account_id: id, state: 'failed', error_code: 'FORBIDDEN', error_message: `${id}: 403` });
    expect(texts()).toHaveLength(3);
    expect(texts()[2]).toMatch(
      /^error the API at api\.example fails for several accounts\. The last one: P10000002: 403/,
    );
  });
});

describe('jobs that cannot record their runs', () => {
  const renamed = new SyncError('DATABASE', 'column "trigger" does not exist (42703)');

  it('are a line each for two accounts, one for all, and one when runs are recorded again', () => {
    const { runLog, run, texts } = createRunLog();
    const ids = accountIds(500);
    for (const id of [...ids, ...ids]) runLog.jobFailed(id, 'DATABASE', renamed);
    expect(runLog.jobsProblem).toBe(renamed.message);
    run(refused('P10000000'));
    expect(runLog.jobsProblem).toBeNull();
    expect(texts().slice(0, 4)).toEqual([
      expect.stringMatching(/^error P10000000: a job failed outside its run: column/),
      expect.stringMatching(/^error P10000001: a job failed outside its run: column/),
      expect.stringMatching(/^error jobs cannot record their runs: column/),
      expect.stringMatching(/^info jobs record their runs again/),
    ]);
    expect(texts()).toHaveLength(5);
  });

  it('are no problem of the worker if they are all of one account, unless it is the only one', () => {
    for (const [accountCount, problem] of [
      [500, null],
      [1, renamed.message],
    ] as const) {
      const { runLog } = createRunLog({ accountCount });
      for (let round = 0; round < 10; round += 1) runLog.jobFailed('P12345678', 'DATABASE', renamed);
      expect(runLog.jobsProblem).toBe(problem);
    }
  });

  it('are no problem of the worker if runs are recorded in between, whatever their end', () => {
    const { runLog, run } = createRunLog();
    for (const id of accountIds(20)) {
      runLog.jobFailed(id, 'DATABASE', renamed);
      run({ account_id: id, state: 'failed', error_code: 'AUTH', error_message: 'refused' });
    }
    expect(runLog.jobsProblem).toBeNull();
  });
});

describe('an outage of Postgres', () => {
  it('has no line for a job or a run that it fails: the watch of Postgres tells it', () => {
    const { runLog, run, texts, lines } = createRunLog({ databaseIsAway: true });
    const refusedByPostgres = databaseError(
      Object.assign(new Error(), { code: 'ECONNREFUSED' }),
      'Postgres at db:5432',
    );
    for (const id of accountIds(5)) {
      runLog.jobFailed(id, 'DATABASE', refusedByPostgres);
      run({ account_id: id, state: 'failed', error_code: 'DATABASE', error_message: 'its disk is full (53100)' });
    }
    expect(texts()).toEqual([]);
    expect(lines).toHaveLength(10);
    expect(runLog.jobsProblem).toBeNull();
  });
});
